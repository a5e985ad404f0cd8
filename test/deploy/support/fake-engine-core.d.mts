export declare function fakeEngine(run: {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly cmdline: readonly string[];
  readonly pid: number;
  readonly input?: string;
  readonly out: (line: string) => void;
  readonly err: (line: string) => void;
  readonly onInterrupt: (listener: () => void) => void;
}): Promise<number | "killed">;
