/**
 * Runs the tests for Stryker in one process. Jest needs more than two seconds for a mutant, nearly all of them to start and to
 * load what no mutant changes: that stays loaded here. What leads to a mutant is evaluated afresh for each one, so that nothing
 * is remembered from the one before.
 */
import { readdirSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve } from "node:path";
import { compileFunction } from "node:vm";

const MUTATED = /^(policies|review)\//;
const TESTS = ["test/policies", "test/review"];
const SUCCESS = 0;
const FAILED = 1;

class Runner {
  static inject = [];

  /** Stryker starts it in a copy of the repository. */
  root = process.cwd();
  require = createRequire(join(this.root, "package.json"));
  swc = this.require("@swc/core");
  settings = this.require("./jest.config.cjs").projects[0].transform["\\.[cm]?[jt]sx?$"][1];
  jest = createRequire(this.require.resolve("jest"));
  compiled = new Map();
  /** Modules that lead to no mutant. */
  kept = new Map();
  files = filesUnder(this.root);
  milliseconds = new Map();

  capabilities() {
    return { reloadEnvironment: true };
  }

  async dryRun({ coverageAnalysis }) {
    this.prepare();
    const { tests, mutantCoverage } = await this.run(this.files, { bail: false, coverageAnalysis });
    for (const { fileName, timeSpentMs } of tests) {
      this.milliseconds.set(fileName, (this.milliseconds.get(fileName) ?? 0) + timeSpentMs);
    }
    return { status: "complete", tests, mutantCoverage };
  }

  /**
   * Every test of a file is run when one of them meets the mutant: what one of them calculates the others are given from
   * memory, so that they would not be seen to meet it.
   */
  async mutantRun({ activeMutant, testFilter, disableBail, hitLimit }) {
    this.prepare();
    const files = testFilter === undefined ? this.files : [...new Set(testFilter.map((id) => id.slice(0, id.indexOf(": "))))];
    files.sort((one, other) => (this.milliseconds.get(one) ?? 0) - (this.milliseconds.get(other) ?? 0));
    const stryker = { activeMutant: activeMutant.id, hitLimit, hitCount: hitLimit === undefined ? undefined : 0 };
    const { tests } = await this.run(files, { bail: !disableBail, stryker });
    if (hitLimit !== undefined && stryker.hitCount > hitLimit) return { status: "timeout", reason: "the limit of hits" };
    const failed = tests.filter(({ status }) => status === FAILED);
    if (failed.length === 0) return { status: "survived", nrOfTests: tests.length };
    return {
      status: "killed",
      failureMessage: failed[0].failureMessage,
      killedBy: failed.map(({ id }) => id),
      nrOfTests: tests.length,
    };
  }

  prepare() {
    process.env.FORCE_COLOR = "0";
    process.env.NODE_ENV = "test";
  }

  async run(files, { bail, stryker = {} }) {
    const { activeMutant } = stryker;
    globalThis.__stryker__ = stryker;
    const results = [];
    for (const file of files) {
      const path = join(this.root, file);
      delete stryker.currentTestId;
      const tests = [];
      try {
        this.declare(tests);
        this.load(path, new Map());
      } catch (error) {
        if (activeMutant === undefined) throw error;
        tests.length = 0;
        tests.push({ name: "the file itself", run: () => Promise.reject(error) });
      }
      for (const { name, run } of tests) {
        const id = `${file}: ${name}`;
        stryker.currentTestId = id;
        const start = performance.now();
        const failureMessage = await run().then(
          () => undefined,
          (error) => String(error?.message ?? error),
        );
        const result = { id, name: id, fileName: file, timeSpentMs: performance.now() - start };
        results.push(
          failureMessage === undefined ? { ...result, status: SUCCESS } : { ...result, status: FAILED, failureMessage },
        );
        if (failureMessage !== undefined && bail) return { tests: results };
      }
    }
    return { tests: results, mutantCoverage: stryker.mutantCoverage };
  }

  /** What a test file finds in its environment; nothing that our tests do without. */
  declare(tests) {
    const { bind } = this.jest("jest-each");
    const above = [];
    const test = (name, body) => tests.push({ name: [...above, name].join(" "), run: async () => body() });
    const describe = (name, body) => {
      above.push(name);
      body();
      above.pop();
    };
    test.each = bind(test);
    describe.each = bind(describe);
    Object.assign(globalThis, { describe, test, it: test, expect: this.jest("expect").expect });
  }

  /** A module, and whether it leads to one that is evaluated afresh. */
  load(path, fresh) {
    const known = this.kept.get(path) ?? fresh.get(path);
    if (known !== undefined) return known;
    const module = { exports: {} };
    const place = relative(this.root, path);
    const entry = { module, fresh: MUTATED.test(place) || place.endsWith(".test.ts") };
    fresh.set(path, entry);
    const native = createRequire(path);
    const require = (name) => {
      const target = this.resolve(path, name);
      if (target === undefined) return native(name);
      const loaded = this.load(target, fresh);
      entry.fresh ||= loaded.fresh;
      return loaded.module.exports;
    };
    Object.assign(require, { resolve: native.resolve });
    this.code(path)(module, module.exports, require, path, dirname(path));
    if (place === "model/define.ts")
      module.exports = { ...module.exports, defineSite: this.oncePerInput(module.exports.defineSite) };
    if (!entry.fresh) this.kept.set(path, entry);
    return entry;
  }

  /** Reading the same site files again would take half of the time, and no mutant changes how that is done. */
  oncePerInput(defineSite) {
    const sites = new Map();
    return (input) => {
      const key = JSON.stringify(input, (_, value) => (value === undefined ? "\u0000undefined" : value));
      if (!sites.has(key)) sites.set(key, defineSite(input));
      return sites.get(key);
    };
  }

  /** The TypeScript file that is meant, if it is one. */
  resolve(from, name) {
    if (name === "bastide") return join(this.root, "model/index.ts");
    if (!name.startsWith(".")) return undefined;
    const path = resolve(dirname(from), name);
    return [path, `${path}.ts`, join(path, "index.ts")].find((file) => file.endsWith(".ts") && isFile(file));
  }

  code(path) {
    const known = this.compiled.get(path);
    if (known !== undefined) return known;
    const { code } = this.swc.transformSync(readFileSync(path, "utf8"), { ...this.settings, filename: path, sourceMaps: false });
    const made = compileFunction(code, ["module", "exports", "require", "__filename", "__dirname"], { filename: path });
    this.compiled.set(path, made);
    return made;
  }
}

const isFile = (path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true;

const filesUnder = (root) =>
  TESTS.flatMap((folder) => readdirSync(join(root, folder), { recursive: true }).map((name) => `${folder}/${name}`))
    .filter((name) => name.endsWith(".test.ts"))
    .sort();

export const strykerPlugins = [{ kind: "TestRunner", name: "bastide", injectableClass: Runner }];
