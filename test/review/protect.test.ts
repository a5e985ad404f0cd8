import { protectionOf } from "../../review/protect";
import { configurationOfModel } from "../../review/sources/model";
import ecosolar from "../../sites/ecosolar/site";

test("a guest of a tier has that tier's protection", () => {
  const { guests } = protectionOf(configurationOfModel(ecosolar));
  expect(guests.map(({ id }) => id)).toEqual([101, 102, 103, 104, 105, 106]);
});
