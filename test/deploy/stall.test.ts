import { CancelSource, NEVER_CANCELLED } from "../../deploy/cancellation";
import { type EngineEvent, parseEvent } from "../../deploy/events";
import { StallWatch } from "../../deploy/stall";

const event = (type: string, address: string, elapsed = 0): EngineEvent =>
  parseEvent(JSON.stringify({ type, hook: { resource: { addr: address }, action: "create", elapsed_seconds: elapsed } }));

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

describe("the watch over an engine that waits for a device", () => {
  it.each([
    [59, 0, undefined],
    [61, 1, "no answer within 60 s"],
  ])("after %d s of silence while an object is read", (seconds, level, summary) => {
    const watch = new StallWatch(NEVER_CANCELLED, {}, 0);
    watch.see(event("refresh_start", "restful_resource.a"));
    watch.see(event("refresh_start", "restful_resource.b"));
    watch.see(event("refresh_complete", "restful_resource.a"));
    jest.advanceTimersByTime(seconds * 1000);
    expect(watch.cancellation.level).toBe(level);
    expect(watch.verdict?.summary).toBe(summary);
    expect(watch.verdict?.address).toBe(summary === undefined ? undefined : "restful_resource.b");
    watch.end();
  });

  it("lets a slow device through that gives an answer every 30 s", () => {
    const watch = new StallWatch(NEVER_CANCELLED, {}, 0);
    for (let number = 0; number < 20; number++) {
      jest.advanceTimersByTime(30_000);
      watch.see(event("refresh_complete", `restful_resource.${number}`));
    }
    expect(watch.cancellation.level).toBe(0);
    watch.end();
  });

  it("lets the engine wait for a lock first", () => {
    const watch = new StallWatch(NEVER_CANCELLED, {}, 300);
    jest.advanceTimersByTime(359_000);
    expect(watch.cancellation.level).toBe(0);
    jest.advanceTimersByTime(2_000);
    expect(watch.cancellation.level).toBe(1);
    watch.end();
  });

  it.each([
    [1800, undefined],
    [1801, "restful_resource.a"],
  ])("after %d s of work on one object, with signs of life", (elapsed, address) => {
    const watch = new StallWatch(NEVER_CANCELLED, {}, 0);
    watch.see(event("apply_start", "restful_resource.a"));
    watch.see(event("apply_progress", "restful_resource.a", elapsed));
    expect(watch.verdict?.address).toBe(address);
    watch.end();
  });

  it("ends by force what does not stop", () => {
    const watch = new StallWatch(NEVER_CANCELLED, {}, 0);
    jest.advanceTimersByTime(60_000);
    expect(watch.cancellation.level).toBe(1);
    jest.advanceTimersByTime(5_000);
    expect(watch.cancellation.level).toBe(2);
    watch.end();
  });

  it("hands on what the user asks for, also what was asked before", () => {
    const user = new CancelSource();
    user.cancel();
    const watch = new StallWatch(user, {}, 0);
    expect(watch.cancellation.level).toBe(1);
    user.cancel();
    expect(watch.cancellation.level).toBe(2);
    expect(watch.verdict).toBeUndefined();
    watch.end();
  });

  it("does nothing any more after the end", () => {
    const watch = new StallWatch(NEVER_CANCELLED, {}, 0);
    watch.end();
    jest.advanceTimersByTime(600_000);
    expect(watch.cancellation.level).toBe(0);
  });
});
