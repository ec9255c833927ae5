import pc from 'picocolors';

/**
 * Colours for text that goes to a stream: none where it is not a terminal, or where NO_COLOR is set
 * (https://no-color.org: present and not empty). `colours().bold('text')`.
 */
export function colours(
  stream: { readonly isTTY?: boolean } = process.stdout,
): ReturnType<typeof pc.createColors> {
  return pc.createColors(stream.isTTY === true && !process.env['NO_COLOR'] && process.env['TERM'] !== 'dumb');
}
