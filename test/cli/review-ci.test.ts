import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Command } from "commander";
import { registerCommands } from "../../cli/commands";

const folder = join(__dirname, "..", "..", "docs", "ci");
const files = readdirSync(folder).filter((name) => name.endsWith(".yml"));
const program = new Command();
registerCommands(program, () => undefined);

/** Commands of a file, each with its long options. */
const commandsOf = (text: string) =>
  [...text.matchAll(/\.\/bastide ([a-z]+)([^|>;&\n]*)/g)].map(([, name = "", rest = ""]) => ({
    name,
    options: [...rest.matchAll(/--[a-z-]+/g)].map(([option]) => option),
  }));

describe.each(files)("docs/ci/%s", (file) => {
  const text = readFileSync(join(folder, file), "utf8");

  it("uses commands and options that there are", () => {
    const commands = commandsOf(text);
    expect(commands.map(({ name }) => name)).toEqual(expect.arrayContaining(["check", "review"]));
    for (const { name, options } of commands) {
      const known = program.commands.find((command) => command.name() === name)?.options.map(({ long }) => long);
      expect({ name, unknown: options.filter((option) => !known?.includes(option)) }).toEqual({ name, unknown: [] });
    }
  });

  it("lets no text of a change become a part of a script", () => {
    const scripts = text.split(/\b(?:run|script): ?\|?\n/).slice(1);
    expect(scripts.length).toBeGreaterThan(0);
    for (const script of scripts) {
      const body = script.split(/\n {0,8}(?:- |[a-z-]+:)/)[0] ?? "";
      expect(body).not.toMatch(/\$\{\{[^}]*(matrix|github\.event|head_ref)/);
    }
    expect(text).not.toMatch(/pull_request_target:/);
  });
});

it("knows an option that there is not", () => {
  expect(commandsOf("./bastide review --bsae main").flatMap(({ options }) => options)).toEqual(["--bsae"]);
});
