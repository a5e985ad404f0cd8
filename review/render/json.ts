import { exitCodeOf, type Review, worstFirst } from "../review";

/** Reviews as data for programs. The number is raised when a field changes its meaning or goes away. */
export interface ReviewDocument {
  readonly format: "bastide-review";
  readonly version: 1;
  /** Nothing is weakened, nothing is unknown, no policy is newly broken. */
  readonly ok: boolean;
  readonly exitCode: 0 | 1 | 3;
  /** The worst first. */
  readonly reviews: readonly Review[];
}

export function reviewDocument(reviews: readonly Review[]): ReviewDocument {
  const exitCode = exitCodeOf(reviews);
  return { format: "bastide-review", version: 1, ok: exitCode === 0, exitCode, reviews: worstFirst(reviews) };
}
