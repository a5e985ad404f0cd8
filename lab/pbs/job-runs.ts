import { nextEvent, parseCalendarEvent } from "../calendar-event";
import type { Value } from "./schema";
import type { JobRun, PbsState } from "./state";

/** A job that has not run yet: its first run is computed from now on. */
export function createdRun(nowS: number): JobRun {
  return { since: nowS };
}

/** What the lists of jobs say beside the configuration. */
export interface ScheduleStatus {
  readonly "last-run-upid"?: string;
  readonly "last-run-endtime"?: number;
  readonly "last-run-state"?: string;
  readonly "next-run"?: number;
}

/** @param schedule absent: the job runs by hand only */
export function scheduleStatus(
  state: Readonly<PbsState>,
  key: string,
  schedule: Value | undefined,
  nowS: number,
): ScheduleStatus {
  const run = state.jobRuns[key] ?? createdRun(nowS);
  const next = typeof schedule === "string" ? nextEvent(parseCalendarEvent(schedule), run.since, state.timezone) : undefined;
  return {
    ...(run.upid === undefined ? {} : { "last-run-upid": run.upid }),
    ...(run.endtime === undefined ? {} : { "last-run-endtime": run.endtime }),
    ...(run.state === undefined ? {} : { "last-run-state": run.state }),
    ...(next === undefined ? {} : { "next-run": next }),
  };
}

/** Forgets runs before now when a schedule changed, so that the new one does not fire for the past. */
export function resetSchedule(draft: PbsState, key: string, nowS: number): void {
  draft.jobRuns = { ...draft.jobRuns, [key]: { ...draft.jobRuns[key], since: nowS } };
}

export function forgetRuns(draft: PbsState, key: string): void {
  const { [key]: _removed, ...rest } = draft.jobRuns;
  draft.jobRuns = rest;
}

/** Notes that a job has begun. */
export function beginRun(draft: PbsState, key: string, upid: string, nowS: number): void {
  draft.jobRuns = { ...draft.jobRuns, [key]: { since: nowS, upid } };
}

/** Notes how a job's task has ended. */
export function endRun(draft: PbsState, key: string, upid: string, endtime: number, state: string): void {
  draft.jobRuns = { ...draft.jobRuns, [key]: { since: endtime, upid, endtime, state } };
}
