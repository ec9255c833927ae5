import { Presets, SingleBar } from 'cli-progress';
import { colours } from './colour.js';

/** A progress bar that has been started, perhaps without being seen. */
export interface Progress {
  /** Says how much of the total is done, and what else there is to say meanwhile. */
  reach(done: number, remark?: string): void;
  /** Clears the bar. */
  stop(): void;
}

/** A shorter wait needs no bar. */
const PATIENCE_SECONDS = 1;

/**
 * A progress bar on stderr for something of so many steps. It is drawn only on a terminal, without `--quiet`,
 * and only when the work has already taken a second.
 */
export function startProgress(
  label: string,
  total: number,
  options: { readonly quiet: boolean },
  stream: NodeJS.WriteStream = process.stderr,
): Progress {
  if (options.quiet || stream.isTTY !== true || total <= 0) return { reach: () => {}, stop: () => {} };
  const begun = performance.now();
  let bar: SingleBar | undefined;
  return {
    reach(done, remark = '') {
      if (bar === undefined && performance.now() - begun > PATIENCE_SECONDS * 1000) {
        bar = new SingleBar(
          {
            format: `${label} ${colours(stream).cyan('{bar}')} {value}/{total} {duration_formatted}{remark}`,
            stream,
            clearOnComplete: true,
            hideCursor: false,
            gracefulExit: false,
          },
          Presets.shades_classic,
        );
        bar.start(total, done, { remark: '' });
      }
      bar?.update(Math.min(done, total), { remark: remark === '' ? '' : `, ${remark}` });
    },
    stop: () => bar?.stop(),
  };
}
