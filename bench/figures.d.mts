export interface Figure {
  readonly what: string;
  readonly product: string;
  readonly reference: string;
  readonly ratio: number;
  readonly bar?: number;
  readonly strict?: boolean;
  readonly share?: boolean;
}
export function median(values: readonly number[]): number;
interface Point {
  readonly n: number;
  readonly value: number;
}
export function marginal(small: Point, large: Point): number;
export function meets(figure: Pick<Figure, "ratio" | "bar" | "strict">): boolean;
export function time(ms: number): string;
export function memory(bytes: number): string;
export function table(figures: readonly Figure[]): string;
