/** How the learning rate moves from the first step to the last. */
export type Schedule =
  /** Linear up to the peak over a share of all steps, then linear to zero. */
  | { readonly kind: 'oneCycle'; readonly peak: number; readonly warmUp: number }
  /** Half a cosine from the peak to zero (Loshchilov and Hutter 2017), after a linear rise over a share of all steps. */
  | { readonly kind: 'cosine'; readonly peak: number; readonly warmUp: number }
  /** The peak, multiplied by `factor` at each of these shares of all steps. */
  | { readonly kind: 'step'; readonly peak: number; readonly at: readonly number[]; readonly factor: number };

/** The learning rate at a place in a training, 0 at its first step and 1 after its last. */
export function learningRate(schedule: Schedule, place: number): number {
  const { peak } = schedule;
  if (schedule.kind === 'step')
    return peak * schedule.factor ** schedule.at.filter((share) => place >= share).length;
  const { warmUp } = schedule;
  if (place < warmUp) return (peak * place) / warmUp;
  const left = (1 - place) / (1 - warmUp);
  return schedule.kind === 'oneCycle' ? peak * left : (peak * (1 - Math.cos(Math.PI * left))) / 2;
}
