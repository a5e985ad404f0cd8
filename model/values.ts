/** Value objects. Each is a branded primitive, so that the model stays plain data; each has a checked constructor. */
declare const brand: unique symbol;
type Branded<Base, Name extends string> = Base & { readonly [brand]: Name };

export type Address = Branded<string, "Address">;
export type Cidr = Branded<string, "Cidr">;
export type Fingerprint = Branded<string, "Fingerprint">;
export type CalendarEvent = Branded<string, "CalendarEvent">;
export type Duration = Branded<string, "Duration">;
export type DataRate = Branded<string, "DataRate">;
export type AuthId = Branded<string, "AuthId">;
export type GuestId = Branded<number, "GuestId">;
export type Port = Branded<number, "Port">;
