/** Apart from the index, because that loads the synthesis library, which who only reads addresses and plans does not need. */
export { describeAddress } from "../constructs/construct-id";
export { keyRemovedByHand, keySetByHand } from "../constructs/rest-selector";
