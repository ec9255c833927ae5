import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type ReadResult, type Result, resultSchema } from '../../src/explore/index.js';
import { type GateRow, type GateVerdict, gate, gateText, recordOf } from '../../src/gate/index.js';
import { profileData } from '../device/profile-data.js';
import { studyResult } from '../support/study.js';

let before: ReadResult;
beforeAll(async () => {
  before = read(await studyResult());
});

describe('a gate', () => {
  it('passes an unchanged result, metric by metric, without reasons', () => {
    const { verdict, rows } = against(before);
    expect(verdict).toBe('pass');
    expect(rows.map((row) => row.metric)).toEqual(before.metrics.map((metric) => metric.id));
    expect(rows.every((row) => row.verdict === 'pass' && row.why.length === 0)).toBe(true);
  });

  it('fails the latency of designs that use a link which became 30 % slower, and names the link', async () => {
    const slow = read(
      await studyResult((data) => {
        data.cluster.medium.rate = '17.15 Mbit/s';
      }),
    );
    const { verdict, rows } = against(slow);
    expect(verdict).toBe('fail');
    for (const design of ['horizontal-wrn-16-2-on-2', 'nonn-wrn-10-1-x3']) {
      const row = byId(rows, `latency/${design}`);
      expect(row.verdict).toBe('fail');
      expect(row.baseline).toBe(value(before, row.metric));
      expect(row.current).toBe(value(slow, row.metric));
      expect(row.change).toBeCloseTo(Number(row.current) / Number(row.baseline) - 1, 12);
      expect(row.why).toEqual(['cluster.medium.rate: "24.5 Mbit/s" → "17.15 Mbit/s"']);
    }
    expect(byId(rows, 'latency/single-wrn-16-2')).toMatchObject({ verdict: 'pass', change: 0, why: [] });
    expect(
      rows.filter((row) => row.metric.startsWith('bytesSent/')).every((row) => row.verdict === 'pass'),
    ).toBe(true);
  });

  it('names the loopback of a profile that no device uses, where a design sends messages over it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'nonn-'));
    const over = (seconds: number) => {
      const known = { value: 1e-5, source: 'measured', citation: 'a test', date: '2026-11-27' };
      const { value: _, ...source } = known;
      const bySize = { bytes: [100, 1_000_000], seconds: [1e-5, seconds], ...source };
      const loopback = { rate: { ...known, value: 1e9 }, latency: known, bySize };
      const file = join(folder, 'here.json');
      writeFileSync(file, JSON.stringify({ ...profileData(), name: 'here', link: { loopback } }));
      return studyResult((data) => {
        data.cluster.medium = { kind: 'switched', loopback: file } as never;
      });
    };
    try {
      const quick = await over(1e-3);
      expect(Object.keys(quick.hashes.profiles)).toEqual(['raspberry-pi-3b-plus', 'here']);
      const { rows } = gate([{ current: read(await over(0.9)), baseline: recordOf(read(quick)) }]);
      const row = byId(rows, 'latency/horizontal-wrn-16-2-on-2');
      expect(row.verdict).toBe('fail');
      expect(row.why).toEqual(['profiles.here.link.loopback.bySize.seconds[1]: 0.001 → 0.9']);
      expect(byId(rows, 'latency/single-wrn-16-2')).toMatchObject({ verdict: 'pass', why: [] });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('passes what became better, and says what moved it', async () => {
    const fast = read(
      await studyResult((data) => {
        data.cluster.medium.rate = '49 Mbit/s';
      }),
    );
    const row = byId(against(fast).rows, 'latency/horizontal-wrn-16-2-on-2');
    expect(row.verdict).toBe('pass');
    expect(row.change).toBeLessThan(0);
    expect(row.why).toEqual(['cluster.medium.rate: "24.5 Mbit/s" → "49 Mbit/s"']);
  });

  it('fails a metric that is missing now and tells a lost figure from a lost design', async () => {
    const lost = { ...before, metrics: before.metrics.filter(({ id }) => id !== 'latency/single-wrn-16-2') };
    expect(against(lost).verdict).toBe('fail');
    expect(byId(against(lost).rows, 'latency/single-wrn-16-2')).toMatchObject({
      baseline: value(before, 'latency/single-wrn-16-2'),
      current: null,
      change: null,
      verdict: 'fail',
      why: [expect.stringMatching(/^missing now/)],
    });
    const fewer = read(
      await studyResult((data) => {
        data.candidates = data.candidates.filter((entry) => entry['strategy'] !== 'horizontal');
      }),
    );
    const row = byId(against(fewer).rows, 'latency/horizontal-wrn-16-2-on-2');
    expect(row.why.slice(0, 2)).toEqual(['missing now', 'its design is no longer a candidate']);
  });

  it('fails a changed pick, shows both designs, and names the changed budget', async () => {
    const other = read(
      await studyResult((data) => {
        data.budgets['bytesSent'] = '0 B';
      }),
    );
    const row = byId(against(other).rows, 'pick');
    expect(row).toMatchObject({
      verdict: 'fail',
      baseline: before.pick?.id,
      current: 'single-wrn-16-2',
      change: null,
    });
    expect(row.why[0]).toMatch(
      /^was nonn-wrn-10-1-x\d: latency [\d.]+ ms, energy per node [\d.]+ mJ, memory per node [\d.]+ kB$/,
    );
    expect(row.why[1]).toMatch(
      /^is single-wrn-16-2: latency [\d.]+ ms, energy per node [\d.]+ mJ, memory per node [\d.]+ MB$/,
    );
    expect(row.why.slice(2)).toEqual(['budgets.bytesSent: nothing → "0 B"']);
    expect(against(other).rows.filter((each) => each.verdict === 'fail')).toEqual([row]);
  });

  it('passes a new metric and says that it is new', () => {
    const { id } = before.metrics[0]!;
    const rows = gate([
      { current: before, baseline: { ...recordOf(before), metrics: before.metrics.slice(1) } },
    ]).rows;
    expect(byId(rows, id)).toMatchObject({
      baseline: null,
      verdict: 'pass',
      why: [expect.stringMatching(/^new/)],
    });
  });

  it('names a changed figure of a profile only for what it can move', () => {
    const path = 'profiles.raspberry-pi-3b-plus.energy.idle.value';
    const current: ReadResult = {
      ...before,
      inputs: {
        ...before.inputs,
        [path]: 99,
        'profiles.raspberry-pi-3b-plus.energy.idle.note': 'other words',
      },
      metrics: before.metrics.map((metric) =>
        typeof metric.value === 'number' && metric.better === 'lower'
          ? { ...metric, value: metric.value * 2 + 1 }
          : metric,
      ),
    };
    const { rows } = against(current);
    expect(byId(rows, 'energyPerNode/single-wrn-16-2').why).toEqual([
      expect.stringMatching(/^profiles\.raspberry-pi-3b-plus\.energy\.idle\.value: [\d.]+ → 99$/),
    ]);
    expect(byId(rows, 'latency/single-wrn-16-2').why).toEqual([expect.stringMatching(/^no recorded input/)]);
  });

  it('names engine, networks and profiles that are others now', () => {
    const [network, hash] = Object.entries(before.hashes.networks)[0]!;
    const slower = before.metrics.map((metric) =>
      metric.id.startsWith('latency/') ? { ...metric, value: Number(metric.value) * 2 } : metric,
    );
    const current: ReadResult = {
      ...before,
      metrics: slower,
      hashes: { ...before.hashes, engine: '99', networks: { ...before.hashes.networks, [network]: 'feed' } },
    };
    expect(byId(against(current).rows, 'latency/single-wrn-16-2').why).toEqual([
      `engine version: "${before.hashes.engine}" → "99"`,
      `network ${network}: hash ${hash} → feed`,
    ]);
  });

  it('is inconclusive only where the baseline holds nothing to compare with', () => {
    const baseline = { ...recordOf(before), metrics: [] };
    expect(gate([{ current: before, baseline }]).verdict).toBe('inconclusive');
    expect(gate([{ current: { ...before, metrics: [] }, baseline: recordOf(before) }]).verdict).toBe('fail');
  });

  it('never fails any result against itself', () => {
    const metric = fc.record({
      id: fc.oneof(fc.string({ minLength: 1 }), fc.constantFrom('latency/a', 'speedup/a/over/b', 'pick')),
      value: fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.string()),
      unit: fc.constantFrom('s', 'J', 'B', 'x', 'design', 'toString'),
      better: fc.constantFrom('higher', 'lower', 'same'),
    });
    const result = fc.record({
      scenario: fc.string({ minLength: 1 }),
      metrics: fc.uniqueArray(metric, { selector: ({ id }) => id, minLength: 1 }),
      inputs: fc.dictionary(fc.string({ minLength: 1 }), fc.oneof(fc.string(), fc.boolean(), fc.integer())),
    });
    fc.assert(
      fc.property(result, (data) => {
        const parsed = resultSchema.safeParse(data);
        fc.pre(parsed.success);
        const verdict = gate([{ current: parsed.data!, baseline: recordOf(parsed.data!) }]);
        expect(verdict.verdict).toBe('pass');
        expect(gateText(verdict)).toMatch(/^pass: /);
      }),
    );
  });
});

describe("a verdict's text", () => {
  it('has the failures with old, new, change and reason, and counts the rest', async () => {
    const slow = read(
      await studyResult((data) => {
        data.cluster.medium.rate = '17.15 Mbit/s';
      }),
    );
    const text = gateText(against(slow));
    expect(text).toMatch(/^failed +old +new +change$/m);
    expect(text).toMatch(/^latency\/horizontal-wrn-16-2-on-2 +[\d.]+ ms +[\d.]+ ms +\+[\d.]+ %$/m);
    expect(text).toContain('  why: cluster.medium.rate: "24.5 Mbit/s" → "17.15 Mbit/s"');
    expect(text).not.toMatch(/^\w+\/single-wrn-16-2 /m);
    expect(text.split('\n').at(-1)).toMatch(/^fail: \d+ metrics: \d+ failed, \d+ passed \(\d+ unchanged\)$/);
  });
});

function against(current: ReadResult): GateVerdict {
  return gate([{ current, baseline: recordOf(before) }]);
}

function byId(rows: readonly GateRow[], id: string): GateRow {
  return rows.find((row) => row.metric === id)!;
}

function value(result: ReadResult, id: string) {
  return result.metrics.find((metric) => metric.id === id)!.value;
}

/** The result as it comes back from its file. */
function read(result: Result): ReadResult {
  return resultSchema.parse(JSON.parse(JSON.stringify(result)));
}
