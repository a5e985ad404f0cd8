/** The libraries that `bastide check` uses, loaded the way any program loads them, and nothing else. */
import "commander";
import "fastest-levenshtein";
import "ipaddr.js";
import "picocolors";
import "zod";
