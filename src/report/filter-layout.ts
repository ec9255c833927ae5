/** An edge between two filters, weight from 0 to 1. */
export interface LayoutEdge {
  readonly from: number;
  readonly to: number;
  readonly weight: number;
}

/** Where a filter lies, in units of the layout. */
export interface PlacedFilter {
  readonly filter: number;
  readonly community: number;
  readonly degree: number;
  readonly x: number;
  readonly y: number;
}

const ITERATIONS = 600;

/**
 * Places the filters of communities by forces between them (Vega's force transform, which starts from a fixed spiral and
 * draws nothing at random): edges pull, most of all inside a community, filters push each other away, and a weak pull
 * keeps what no edge joins together. The same graph gives the same places.
 */
export async function layoutFilters(
  communities: readonly (readonly number[])[],
  edges: readonly LayoutEdge[],
): Promise<readonly PlacedFilter[]> {
  // Vega is large: only those wait for it who want a picture.
  const vega = await import('vega');
  const placeOf = new Map(communities.flat().map((filter, index) => [filter, index]));
  const communityOf = new Map(
    communities.flatMap((group, community) => group.map((filter) => [filter, community] as const)),
  );
  const degrees = new Map<number, number>();
  for (const { from, to } of edges)
    for (const end of [from, to]) degrees.set(end, (degrees.get(end) ?? 0) + 1);
  const nodes = communities.flatMap((group, community) =>
    group.map((filter) => ({ filter, community, degree: degrees.get(filter) ?? 0 })),
  );
  const links = edges.map(({ from, to, weight }) => {
    const isInside = communityOf.get(from) === communityOf.get(to);
    return {
      source: placeOf.get(from)!,
      target: placeOf.get(to)!,
      pull: isInside ? 0.3 + 0.5 * weight : 0.02,
    };
  });
  const view = new vega.View(
    vega.parse({
      data: [
        { name: 'links', values: links },
        {
          name: 'nodes',
          values: nodes,
          transform: [
            {
              type: 'force',
              static: true,
              iterations: ITERATIONS,
              forces: [
                { force: 'link', links: 'links', distance: 18, strength: { expr: 'datum.pull' } },
                { force: 'nbody', strength: -40, distanceMax: 300 },
                { force: 'collide', radius: { expr: '5 + sqrt(datum.degree)' }, strength: 1 },
                { force: 'x', strength: 0.06 },
                { force: 'y', strength: 0.08 },
              ],
            },
          ],
        },
      ],
    }),
    { renderer: 'none' },
  );
  try {
    await view.runAsync();
    return (view.data('nodes') as PlacedFilter[]).map(({ filter, community, degree, x, y }) => ({
      filter,
      community,
      degree,
      x,
      y,
    }));
  } finally {
    view.finalize();
  }
}
