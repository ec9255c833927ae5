/** A text beside a point, in pixels from the plot's upper left corner. */
export interface PlacedLabel {
  readonly dx: number;
  readonly dy: number;
  readonly align: 'left' | 'right' | 'center';
}

interface Point {
  readonly x: number;
  readonly y: number;
}

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Average width of a letter of Helvetica, as a share of its size. */
const LETTER = 0.56;
const GAP = 14;

/**
 * Finds a place for each label, in the given order, where it covers no other label and the fewest points: right, left,
 * above and below its point, then farther away.
 *
 * @param size width and height of the plot in pixels.
 */
export function placeLabels(
  labels: readonly (Point & { readonly words: string })[],
  points: readonly Point[],
  size: { readonly width: number; readonly height: number },
  fontSize: number,
): PlacedLabel[] {
  const taken: Box[] = [];
  return labels.map((label) => {
    const width = label.words.length * fontSize * LETTER;
    const scored = places.map((place) => {
      const box = boxOf(label, place, width, fontSize);
      const outside = box.left < 0 || box.right > size.width || box.top < 0 || box.bottom > size.height;
      const overlaps = taken.filter((other) => overlap(box, other)).length;
      const covered = points.filter((point) => overlap(box, around(point))).length;
      return { place, box, cost: overlaps * 1000 + (outside ? 500 : 0) + covered };
    });
    const best = scored.reduce((a, b) => (b.cost < a.cost ? b : a));
    taken.push(best.box);
    return best.place;
  });
}

const places: readonly PlacedLabel[] = [
  { dx: GAP, dy: 0, align: 'left' },
  { dx: -GAP, dy: 0, align: 'right' },
  ...[1.4, 2.4, 3.6, 5, 7, 9].flatMap((steps): PlacedLabel[] => [
    { dx: 4, dy: steps * GAP, align: 'left' },
    { dx: -4, dy: steps * GAP, align: 'right' },
    { dx: 4, dy: -steps * GAP, align: 'left' },
    { dx: -4, dy: -steps * GAP, align: 'right' },
    { dx: 0, dy: -steps * GAP, align: 'center' },
  ]),
];

function boxOf({ x, y }: Point, { dx, dy, align }: PlacedLabel, width: number, fontSize: number): Box {
  const left = x + dx - { left: 0, center: width / 2, right: width }[align];
  return { left, right: left + width, top: y + dy - fontSize / 2, bottom: y + dy + fontSize / 2 };
}

function around({ x, y }: Point): Box {
  return { left: x - 6, right: x + 6, top: y - 6, bottom: y + 6 };
}

function overlap(a: Box, b: Box): boolean {
  return a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom;
}
