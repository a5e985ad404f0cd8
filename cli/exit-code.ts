/** What a command tells the process when it has ended: 0 done, 1 fault, 2 changes found, 3 refused, 64 wrong usage. */
export type SetExitCode = (code: number) => void;
