import { completeCommands, optionOf } from "../../cli/named-commands";

afterEach(() => {
  delete process.env.BASTIDE_SITES;
});

describe("commands that a message names", () => {
  test.each([
    ["run: ./bastide apply ecosolar --env lab", "run: ./bastide apply --sites ../sites ecosolar --env lab"],
    ["store it: ./bastide secrets set eco --env x name", "store it: ./bastide secrets set --sites ../sites eco --env x name"],
    ['eval "$(./bastide lab env --empty)"', 'eval "$(./bastide lab env --sites ../sites --empty)"'],
    ["./bastide plan a, then ./bastide apply a", "./bastide plan --sites ../sites a, then ./bastide apply --sites ../sites a"],
    ["see bastide and ./bastide", "see bastide and ./bastide"],
    ["./bastide test", "./bastide test"],
    ["./bastide policies NET-001", "./bastide policies NET-001"],
  ])("find the sites where this command was told they are: %s", (text, completed) => {
    expect(completeCommands(text, "../sites")).toBe(completed);
  });

  test("are left alone where no folder was given, or a variable names it", () => {
    expect(completeCommands("./bastide plan a", undefined)).toBe("./bastide plan a");
    process.env.BASTIDE_SITES = "../sites";
    expect(completeCommands("./bastide plan a", "../sites")).toBe("./bastide plan a");
  });

  test("quote a folder as a shell wants it", () => {
    expect(completeCommands("./bastide plan a", "my $sites' home")).toBe("./bastide plan --sites 'my $sites'\\'' home' a");
  });
});

test("an option is found as it may be written", () => {
  expect(optionOf(["plan", "--sites", "a"], "--sites")).toBe("a");
  expect(optionOf(["plan", "--sites=b"], "--sites")).toBe("b");
  expect(optionOf(["plan"], "--sites")).toBeUndefined();
});
