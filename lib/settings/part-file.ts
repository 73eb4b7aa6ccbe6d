/** The file of a part of settings that are too long for one; the first one has the name of the whole, which ends in `.json`. */
export const partFile = (settings: string, part: number): string =>
  part === 0 ? settings : settings.replace(/\.json$/, `-${part}.json`);
