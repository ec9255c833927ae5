/** What a metric measures, and of which designs: its id taken apart. */
export interface MetricSubject {
  /** `latency`, `energyPerNode`, `memoryPerNode`, `bytesSent`, `speedup`, `pick`, or whatever a later version adds. */
  readonly kind: string;
  /** The design, of a speed-up also the one that it is counted from; none for the pick. */
  readonly designs: readonly string[];
}

/** Takes the id of a metric apart: `latency/<candidate>`, `speedup/<candidate>/over/<baseline>`, `pick`. */
export function metricSubject(id: string): MetricSubject {
  const slash = id.indexOf('/');
  if (slash < 0) return { kind: id, designs: [] };
  const kind = id.slice(0, slash);
  const rest = id.slice(slash + 1);
  const over = kind === 'speedup' ? rest.lastIndexOf('/over/') : -1;
  return {
    kind,
    designs: over < 0 ? [rest] : [rest.slice(0, over), rest.slice(over + '/over/'.length)],
  };
}

/** The designs that metrics are about, in the order in which they first appear. */
export function designsOf(metrics: readonly { readonly id: string }[]): string[] {
  return [
    ...new Set(
      metrics.flatMap(({ id }) => {
        const { kind, designs } = metricSubject(id);
        return kind === 'speedup' ? [] : designs;
      }),
    ),
  ];
}
