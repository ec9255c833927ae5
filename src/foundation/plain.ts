import { complain, pathText } from './error.js';

/** Deeper than any document of nonn, and shallow enough that no walk over it exhausts the stack. */
const DEEPEST = 100;

interface Container {
  readonly node: object;
  readonly depth: number;
  readonly key?: PropertyKey;
  readonly parent?: Container;
}

/**
 * Checks that plain data can be walked safely: it is not nested too deeply, and no object has a field named
 * `__proto__`, which JSON allows and JavaScript gives a meaning of its own.
 * @throws NonnError that names the file and the path.
 */
export function checkPlain(data: unknown, file: string): void {
  if (data === null || typeof data !== 'object') return;
  const open: Container[] = [{ node: data, depth: 1 }];
  for (let here = open.pop(); here !== undefined; here = open.pop()) {
    const { node, depth } = here;
    if (depth > DEEPEST)
      throw complain({
        file,
        path: pathText(pathOf(here).slice(0, 3)),
        found: `data nested more than ${DEEPEST} levels deep`,
        expected: 'a document of nonn',
      });
    if (Object.hasOwn(node, '__proto__'))
      throw complain({
        file,
        path: pathText([...pathOf(here), '__proto__']),
        found: 'the field "__proto__"',
        expected: 'no such field',
      });
    for (const [key, value] of Array.isArray(node) ? node.entries() : Object.entries(node))
      if (value !== null && typeof value === 'object')
        open.push({ node: value, depth: depth + 1, key, parent: here });
  }
}

function pathOf(container: Container): PropertyKey[] {
  const path: PropertyKey[] = [];
  for (let here: Container | undefined = container; here?.key !== undefined; here = here.parent)
    path.push(here.key);
  return path.reverse();
}
