/** An amount of storage or memory in binary units, such as `512Mi` or `20Gi`: Kubernetes' own notation. */
export type Size = `${number}${'Ki' | 'Mi' | 'Gi' | 'Ti'}`;

/** An amount of processor time in cores, such as `2` or `500m` (half a core): Kubernetes' own notation. */
export type Cpu = `${number}` | `${number}m`;

/** A span of time in Go's notation with one unit, such as `500ms`, `30s`, `5m` or `24h`. */
export type Duration = `${number}${'ms' | 's' | 'm' | 'h'}`;

/** A network rate in decimal units, such as `100Mbit/s` or `2.5Gbit/s`. */
export type Bandwidth = `${number}${'Mbit/s' | 'Gbit/s'}`;

const SIZE = /^(\d+(?:\.\d+)?)(Ki|Mi|Gi|Ti)$/;
const CPU = /^(\d+(?:\.\d+)?)(m?)$/;
const DURATION = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/;
const BANDWIDTH = /^(\d+(?:\.\d+)?)(Mbit\/s|Gbit\/s)$/;

const SIZE_UNIT: Readonly<Record<string, number>> = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 };
const TIME_UNIT: Readonly<Record<string, number>> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 };
const RATE_UNIT: Readonly<Record<string, number>> = { 'Mbit/s': 1e6, 'Gbit/s': 1e9 };

const parse = (value: string, pattern: RegExp, units: Readonly<Record<string, number>>): number => {
  const match = pattern.exec(value);
  return match ? Number(match[1]) * (units[match[2] ?? ''] ?? 1) : Number.NaN;
};

/** Bytes of a {@link Size}; `NaN` when it is not one. */
export const bytes = (size: string): number => parse(size, SIZE, SIZE_UNIT);
/** Thousandths of a core of a {@link Cpu}; `NaN` when it is not one. */
export const millicores = (cpu: string): number => parse(cpu, CPU, { m: 1, '': 1000 });
/** Milliseconds of a {@link Duration}; `NaN` when it is not one. */
export const milliseconds = (duration: string): number => parse(duration, DURATION, TIME_UNIT);
/** Bits per second of a {@link Bandwidth}; `NaN` when it is not one. */
export const bitsPerSecond = (bandwidth: string): number => parse(bandwidth, BANDWIDTH, RATE_UNIT);

/** A size or an amount of processor time as Kubernetes writes it: `6144Mi` is `6Gi`, `1000m` is `1`, `0.5` is `500m`. */
export function shortest(quantity: string): string {
  const size = bytes(quantity);
  if (size >= 1) {
    const unit = (['Ti', 'Gi', 'Mi', 'Ki'] as const).find((name) => size % (SIZE_UNIT[name] ?? 1) === 0);
    return unit === undefined ? String(size) : `${size / (SIZE_UNIT[unit] ?? 1)}${unit}`;
  }
  const cores = millicores(quantity);
  if (Number.isNaN(cores)) return quantity;
  return cores % 1000 === 0 ? String(cores / 1000) : `${cores}m`;
}
