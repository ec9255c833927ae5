import { describe, expect, it } from 'vitest';
import { type FilterGraph, filterNetworkPlot, renderSvg } from '../../src/report/index.js';

/** Communities that are stars, each around its first filter, with one weak edge from star to star. */
function stars(...sizes: readonly number[]): FilterGraph {
  let next = 0;
  const communities = sizes.map((size) => Array.from({ length: size }, () => next++));
  const edges = communities.flatMap((group, index) => [
    ...group.slice(1).map((filter) => ({ from: group[0]!, to: filter, weight: 1 })),
    ...(index === 0 ? [] : [{ from: communities[index - 1]![0]!, to: group[0]!, weight: 0.2 }]),
  ]);
  return {
    origin: 'stars',
    filters: next + 3,
    edges,
    communities,
    students: [communities[0]!],
    modularity: 0.5,
    resolution: 1,
  };
}

const svgOf = async (graph: FilterGraph) => renderSvg(await filterNetworkPlot(graph));
const circles = (svg: string) => (svg.match(/aria-roledescription="circle"/g) ?? []).length;

describe('the picture of a filter network', () => {
  it('has a circle a filter and a line an edge, inside 800x600, and the same bytes for the same graph', async () => {
    const graph = stars(9, 6, 4);
    const svg = await svgOf(graph);
    const [width, height] = [/width="(\d+)"/.exec(svg)![1], /height="(\d+)"/.exec(svg)![1]].map(Number);
    expect(width).toBeLessThanOrEqual(800);
    expect(height).toBeLessThanOrEqual(600);
    expect(circles(svg)).toBe(19);
    expect((svg.match(/aria-roledescription="rule mark"/g) ?? []).length).toBe(graph.edges.length);
    expect(await svgOf(graph)).toBe(svg);
  });

  it('says in its legend how large each community is and which student learns it', async () => {
    const svg = await svgOf(stars(9, 6));
    expect(svg).toContain('>1: 9 → student 1<');
    expect(svg).toContain('>2: 6 → none<');
    expect(svg).toContain('not drawn: 3 filters without a strong edge');
  });

  it('tells the largest communities apart where there are more than colours', async () => {
    const svg = await svgOf(stars(...Array.from({ length: 40 }, () => 2)));
    expect(svg).toContain('>11: 2 → none<');
    expect(svg).toContain('>29 more: 2 or fewer each<');
    expect(circles(svg)).toBe(80);
  });

  it('keeps the circles of a community nearer to one another than to other communities', async () => {
    const spec = (await filterNetworkPlot(stars(12, 12, 12))) as unknown as {
      layer: { data: { values: { filter: number; community: number; x: number; y: number }[] } }[];
    };
    const nodes = spec.layer[1]!.data.values;
    const mean = (isSame: boolean) => {
      const distances = nodes.flatMap((a) =>
        nodes
          .filter((b) => a !== b && (a.community === b.community) === isSame)
          .map((b) => Math.hypot(a.x - b.x, a.y - b.y)),
      );
      return distances.reduce((sum, distance) => sum + distance, 0) / distances.length;
    };
    expect(mean(true)).toBeLessThan(0.5 * mean(false));
  });

  it('can be drawn without any edge', async () => {
    const svg = await svgOf({ ...stars(1), communities: [], edges: [], students: [[0]] });
    expect(svg).toContain('0 of 4 filters in 0 communities');
  });
});
