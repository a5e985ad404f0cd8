import type { StackVariable } from "../stacks/stack-variable";

/** A synthesized stack, as far as running it needs to know it. `stacks/app.ts` makes these. */
export interface RunnableStack {
  /** `<site>-<environment>-<layer>`. */
  readonly id: string;
  readonly layer: string;
  /** Absolute. */
  readonly directory: string;
  /** Ids or layers of the stacks that must be applied before. */
  readonly dependsOn: readonly string[];
  readonly variables: readonly StackVariable[];
}

/** A stack that this run has synthesized. */
export interface FreshStack extends RunnableStack {
  /** What the engine will read: the content of `cdk.tf.json`. */
  readonly configuration: Readonly<Record<string, unknown>>;
}

/** In the order of their dependencies. */
export function inOrder<Stack extends RunnableStack>(stacks: readonly Stack[]): Stack[] {
  const ordered: Stack[] = [];
  const visit = (stack: Stack, path: readonly Stack[]): void => {
    if (ordered.includes(stack)) return;
    if (path.includes(stack))
      throw new Error(`stacks depend on each other: ${[...path, stack].map(({ id }) => id).join(" -> ")}`);
    for (const needed of stacks) {
      if (needed !== stack && dependsOn(stack, needed)) visit(needed, [...path, stack]);
    }
    ordered.push(stack);
  };
  for (const stack of stacks) visit(stack, []);
  return ordered;
}

const dependsOn = (stack: RunnableStack, other: RunnableStack): boolean =>
  stack.dependsOn.includes(other.id) || stack.dependsOn.includes(other.layer);
