#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { fakeEngine } from "./fake-engine-core.mjs";

const code = await fakeEngine({
  argv: process.argv.slice(2),
  env: process.env,
  cwd: process.cwd(),
  cmdline: readFileSync("/proc/self/cmdline", "utf8").split("\0"),
  pid: process.pid,
  ...(process.argv.at(-1) === "-" ? { input: readFileSync(0, "utf8") } : {}),
  out: (line) => process.stdout.write(`${line}\n`),
  err: (line) => process.stderr.write(`${line}\n`),
  onInterrupt: (listener) => process.on("SIGINT", listener),
});
if (code === "killed") process.kill(process.pid, "SIGKILL");
process.exitCode = code;
