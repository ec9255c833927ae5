import type { z } from 'zod';

/** Names of the fields that are valid at a path of a schema of objects, lists, records and unions. */
export function keysAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  let here = unwrap(schema);
  for (const step of path) here = here.flatMap((node) => child(node, step)).flatMap(unwrap);
  return [...new Set(here.flatMap((node) => Object.keys(definition(node).shape ?? {})))];
}

/** What zod 4 keeps of the kinds of schema that can hold an object somewhere inside. */
interface Definition {
  readonly type: string;
  readonly shape?: Readonly<Record<PropertyKey, z.core.$ZodType>>;
  readonly element?: z.core.$ZodType;
  readonly valueType?: z.core.$ZodType;
  readonly items?: readonly z.core.$ZodType[];
  readonly innerType?: z.core.$ZodType;
  readonly options?: readonly z.core.$ZodType[];
  readonly left?: z.core.$ZodType;
  readonly right?: z.core.$ZodType;
  readonly in?: z.core.$ZodType;
  readonly getter?: () => z.core.$ZodType;
}

function definition(node: z.core.$ZodType): Definition {
  return node._zod.def as Definition;
}

/** The schemas that a value may meet here: inside optional, default, union, intersection, pipe and lazy. */
function unwrap(node: z.core.$ZodType): z.core.$ZodType[] {
  const { type, innerType, options, left, right, in: input, getter } = definition(node);
  if (innerType !== undefined) return unwrap(innerType);
  if (options !== undefined) return options.flatMap(unwrap);
  if (left !== undefined && right !== undefined) return [left, right].flatMap(unwrap);
  if (input !== undefined) return unwrap(input);
  if (type === 'lazy' && getter !== undefined) return unwrap(getter());
  return [node];
}

function child(node: z.core.$ZodType, step: PropertyKey): z.core.$ZodType[] {
  const { shape, element, valueType, items } = definition(node);
  const named = shape !== undefined && Object.hasOwn(shape, step) ? shape[step] : undefined;
  const next = named ?? element ?? valueType ?? items?.[step as number];
  return next === undefined ? [] : [next];
}
