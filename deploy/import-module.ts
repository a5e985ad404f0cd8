/** Imports a file that is only known while Bastide runs. In a file of its own because the bundle leaves it to its loader. */
export const importModule = (url: string): Promise<unknown> => import(url);
