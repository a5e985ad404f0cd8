declare const brand: unique symbol;

/** A primitive that only its own parser makes: plain data at run time, a type of its own for the compiler. */
export type Branded<Base, Name extends string> = Base & { readonly [brand]: Name };
