/** One line of progress. `running` comes every second, so that nothing is silent for long. */
export interface ProgressLine {
  readonly what: string;
  readonly state: "start" | "running" | "done";
  readonly elapsedMs: number;
}

export type Report = (line: ProgressLine) => void;

/** Runs the work and reports its start, every second of it and its end. A failure is thrown, not reported. */
export async function withProgress<T>(what: string, report: Report, work: () => Promise<T>): Promise<T> {
  const begin = Date.now();
  const line = (state: ProgressLine["state"]) => report({ what, state, elapsedMs: Date.now() - begin });
  line("start");
  const ticker = setInterval(line, 1000, "running");
  try {
    const result = await work();
    line("done");
    return result;
  } finally {
    clearInterval(ticker);
  }
}
