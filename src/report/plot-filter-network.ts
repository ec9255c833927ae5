import type { TopLevelSpec } from 'vega-lite';
import { type LayoutEdge, layoutFilters, type PlacedFilter } from './filter-layout.js';
import { plotConfig } from './plot-spec.js';

/** What the plot of a filter network shows. */
export interface FilterGraph {
  /** Where the filters were seen. */
  readonly origin: string;
  /** All filters of the layer. */
  readonly filters: number;
  readonly edges: readonly LayoutEdge[];
  readonly communities: readonly (readonly number[])[];
  readonly students: readonly (readonly number[])[];
  readonly modularity: number;
  readonly resolution: number;
}

const WIDTH = 540;
const HEIGHT = 460;
/** Longer ones would widen the picture, as Vega estimates widths. */
const LONGEST_LINE = 74;
/** Room for the circles at the edge. */
const MARGIN = 14;

/**
 * Colours of communities, the largest first: those that people with any colour vision can tell apart (Okabe and Ito,
 * 2008), then darker ones. What comes after them is grey.
 */
const colours = [
  '#0072b2',
  '#e69f00',
  '#009e73',
  '#d55e00',
  '#cc79a7',
  '#56b4e9',
  '#b5a800',
  '#5e3c99',
  '#8a6d3b',
  '#7bc8a4',
  '#a50f4d',
  '#1b4f72',
] as const;
const OTHER = '#b0b0b0';

/**
 * The filters of a teacher that strong edges join: a circle a filter, the larger the more edges it has, coloured by
 * community; the legend says how large each community is and which student learns it. The same graph gives the same picture.
 */
export async function filterNetworkPlot(graph: FilterGraph): Promise<TopLevelSpec> {
  const { communities, edges, filters, origin, modularity, resolution } = graph;
  const placed = fitted(await layoutFilters(communities, edges));
  const at = new Map(placed.map((node) => [node.filter, node]));
  const names = legendOf(graph);
  const domain = [...new Set(names)];
  const range = domain.map((_, index) => colours[index] ?? OTHER);
  const colour = { scale: { domain, range }, type: 'nominal' as const };
  const x = { field: 'x', type: 'quantitative', scale: { domain: [0, WIDTH] }, axis: null };
  const y = { field: 'y', type: 'quantitative', scale: { domain: [0, HEIGHT] }, axis: null };
  const lines = edges.map(({ from, to, weight }) => {
    const [a, b] = [at.get(from)!, at.get(to)!];
    return { x: a.x, y: a.y, x2: b.x, y2: b.y, weight, isInside: a.community === b.community };
  });
  const nodes = placed.map((node) => ({ ...node, group: names[node.community]! }));
  const joined = placed.length;
  return {
    title: {
      text: `${joined} of ${filters} filters in ${communities.length} communities`,
      subtitle: [
        origin.length > LONGEST_LINE ? `…${origin.slice(1 - LONGEST_LINE)}` : origin,
        `${edges.length} strongest edges · modularity ${modularity.toFixed(3)} at resolution ${resolution.toFixed(2)}`,
        `circle size: edges of a filter${joined < filters ? ` · not drawn: ${filters - joined} filters without a strong edge` : ''}`,
      ],
    },
    width: WIDTH,
    height: HEIGHT,
    config: { ...plotConfig, padding: 12 },
    layer: [
      {
        data: { values: lines },
        mark: { type: 'rule', color: '#555555' },
        encoding: {
          x,
          y,
          x2: { field: 'x2' },
          y2: { field: 'y2' },
          strokeWidth: {
            field: 'weight',
            type: 'quantitative',
            scale: { domain: [0, 1], range: [0.4, 2.5] },
            legend: null,
          },
          opacity: { condition: { test: 'datum.isInside', value: 0.55 }, value: 0.25 },
        },
      },
      {
        data: { values: nodes },
        mark: { type: 'circle', opacity: 1, stroke: '#ffffff', strokeWidth: 0.8 },
        encoding: {
          x,
          y,
          size: {
            field: 'degree',
            type: 'quantitative',
            scale: { domain: [0, Math.max(1, ...placed.map(({ degree }) => degree))], range: [35, 260] },
            legend: null,
          },
          color: {
            field: 'group',
            ...colour,
            legend: {
              title: ['community:', 'filters → student'],
              orient: 'right',
              symbolType: 'circle',
              symbolOpacity: 1,
              labelLimit: 0,
              titleLimit: 0,
            },
          },
          description: { field: 'filter' },
        },
      },
    ],
  } as TopLevelSpec;
}

/** What the legend says of each community; those that have no colour of their own are one entry. */
function legendOf({ communities, students }: FilterGraph): readonly string[] {
  const isTold = communities.length <= colours.length ? communities.length : colours.length - 1;
  return communities.map((group, index) => {
    if (index >= isTold) {
      const rest = communities.slice(isTold);
      return `${rest.length} more: ${rest[0]!.length} or fewer each`;
    }
    const student = students.findIndex((filters) => filters.includes(group[0]!));
    return `${index + 1}: ${group.length} → ${student < 0 ? 'none' : `student ${student + 1}`}`;
  });
}

/** The layout moved and scaled alike in both directions into the picture. */
function fitted(placed: readonly PlacedFilter[]): readonly PlacedFilter[] {
  if (placed.length === 0) return placed;
  const [left, right] = extent(placed.map(({ x }) => x));
  const [top, bottom] = extent(placed.map(({ y }) => y));
  const scale = Math.min(
    (WIDTH - 2 * MARGIN) / Math.max(right - left, 1),
    (HEIGHT - 2 * MARGIN) / Math.max(bottom - top, 1),
  );
  // Tenths of a pixel are as much as anyone sees.
  const round = (value: number) => Math.round(10 * value) / 10;
  return placed.map((node) => ({
    ...node,
    x: round(WIDTH / 2 + scale * (node.x - (left + right) / 2)),
    y: round(HEIGHT / 2 + scale * (node.y - (top + bottom) / 2)),
  }));
}

function extent(values: readonly number[]): readonly [number, number] {
  return [Math.min(...values), Math.max(...values)];
}
