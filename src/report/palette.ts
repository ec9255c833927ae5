/** Colours of a terminal as functions of text; picocolors has this form. */
export interface Palette {
  bold(text: string): string;
  dim(text: string): string;
  red(text: string): string;
  green(text: string): string;
  yellow(text: string): string;
  cyan(text: string): string;
}

const same = (text: string) => text;

/** No colours at all. */
export const plain: Palette = { bold: same, dim: same, red: same, green: same, yellow: same, cyan: same };
