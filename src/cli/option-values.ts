import { complain, type NonnError, nearest, show } from '../foundation/index.js';
import type { CommandEntry, GlobalOptions, OptionEntry, OptionValue } from './command.js';
import { globalOptions } from './commands.js';

/**
 * The options of a command, checked and converted, under their names in camelCase.
 * @param given what commander read: texts, arrays of texts and true.
 * @throws NonnError that names the option, what was found and what was expected.
 */
export function readOptions(entry: CommandEntry, given: Readonly<Record<string, unknown>>): GlobalOptions {
  const options: Record<string, unknown> = {};
  for (const option of [...globalOptions, ...entry.options]) {
    const name = camelCase(option.name);
    const raw = given[name];
    if (option.value.kind === 'flag') options[name] = raw === true;
    else if (raw !== undefined) options[name] = convert(option, option.value, raw as string | string[]);
  }
  return options as unknown as GlobalOptions;
}

function convert(option: OptionEntry, value: Exclude<OptionValue, { kind: 'flag' }>, raw: string | string[]) {
  const text = String(raw);
  const wrong = (expected: string, suggestion?: string): NonnError =>
    complain({ file: `--${option.name}`, found: show(raw), expected, suggestion });
  switch (value.kind) {
    case 'text':
      if (text === '') throw wrong(`<${value.name}>`);
      return text;
    case 'texts':
      return raw;
    case 'integer': {
      const most = value.most ?? Number.MAX_SAFE_INTEGER;
      const number = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
      if (number >= value.least && number <= most) return number;
      throw wrong(`a whole number from ${value.least}${value.most === undefined ? '' : ` to ${most}`}`);
    }
    case 'number': {
      const number = /^(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
      if (number > 0 && number <= 1e6) return number;
      throw wrong('a number above 0, at most 1000000');
    }
    case 'choice':
      if (value.choices.includes(text)) return text;
      throw wrong(`one of ${value.choices.join(', ')}`, nearest(text, value.choices));
    case 'duration': {
      const match = /^(\d{1,6}(?:\.\d{1,6})?)(s|m|h)$/.exec(text);
      const seconds =
        match === null ? 0 : Number(match[1]) * { s: 1, m: 60, h: 3600 }[match[2] as 's' | 'm' | 'h'];
      if (seconds > 0) return seconds;
      throw wrong('a time above 0, such as 90s, 5m or 1h');
    }
    case 'grid': {
      const match = /^([1-9]\d{0,3})x([1-9]\d{0,3})$/.exec(text);
      if (match !== null) return [Number(match[1]), Number(match[2])];
      throw wrong('two whole numbers from 1, such as 3x3');
    }
  }
}

/** `dry-run` to `dryRun`, as commander names it. */
function camelCase(name: string): string {
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}
