import { pathText } from '../foundation/index.js';

/**
 * Every number, text and boolean of a document by its JSON path, in ascending order of paths. Comments of people
 * (`$schema`, `description`) are left out, since no result depends on them.
 */
export function flatten(data: unknown): Record<string, string | number | boolean> {
  const entries: [string, string | number | boolean][] = [];
  const visit = (value: unknown, path: readonly PropertyKey[]) => {
    if (value !== null && typeof value === 'object') {
      const children = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
      for (const [key, child] of children)
        if (key !== '$schema' && key !== 'description') visit(child, [...path, key]);
    } else if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      entries.push([pathText(path), value]);
    }
  };
  visit(data, []);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
