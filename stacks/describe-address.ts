/** Apart from the index, because that loads the synthesis library, which who only reads addresses does not need. */
export { describeAddress } from "../constructs/construct-id";
