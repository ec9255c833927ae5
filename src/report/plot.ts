import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { TopLevelSpec } from 'vega-lite';
import { writeAtomically } from '../foundation/index.js';
import { frontPlot } from './plot-front.js';
import type { PlotData } from './plot-spec.js';
import { speedupPlot } from './plot-speedup.js';
import { trainedPlot } from './plot-trained.js';

/**
 * Draws a Vega-Lite specification as SVG, without a browser. The same specification gives the same bytes: widths of
 * texts are estimated and never measured, and ids start anew.
 */
export async function renderSvg(spec: TopLevelSpec): Promise<string> {
  // Vega is large: only those wait for it who want a picture.
  const [vega, vegaLite] = await Promise.all([import('vega'), import('vega-lite')]);
  (vega as unknown as TextMetrics).textMetrics.canvas(false);
  vega.resetSVGDefIds();
  const view = new vega.View(vega.parse(vegaLite.compile(spec).spec), { renderer: 'none' });
  try {
    return `${await view.toSVG()}\n`;
  } finally {
    view.finalize();
  }
}

/** A part of Vega that its types leave out: widths of texts are measured where a canvas is installed. */
interface TextMetrics {
  readonly textMetrics: { canvas(use: boolean): void };
}

/**
 * Writes the pictures of a result beside it: `front.svg`, `speedup.svg` and, of trained designs, `accuracy.svg`, each in one move. One that would show
 * nothing is left out.
 *
 * @returns the files that were written.
 */
export async function writePlots(folder: string, data: PlotData): Promise<string[]> {
  const written: string[] = [];
  for (const [name, plot] of [
    ['front.svg', frontPlot],
    ['speedup.svg', speedupPlot],
    ['accuracy.svg', trainedPlot],
  ] as const) {
    const spec = plot(data);
    const file = join(folder, name);
    if (spec === null) {
      // A picture of an earlier result would be taken for one of this.
      rmSync(file, { force: true });
      continue;
    }
    writeAtomically(file, await renderSvg(spec));
    written.push(file);
  }
  return written;
}
