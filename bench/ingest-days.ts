/** Values of a household's meter on a day (days since 2000-01-01), used for the load and for the history. */
export function dayValues(day: number): { indexL: number[]; pressurePa: number[] } {
  const indexL: number[] = [];
  const pressurePa: number[] = [];
  let index = 1000 + (day % 10_000) * 700;
  for (let hour = 0; hour < 24; hour += 1) {
    index += hour < 6 ? 0 : (hour * day) % (hour > 17 ? 120 : 30);
    indexL.push(index);
    pressurePa.push(2000 + ((hour * 37 + day) % 90));
  }
  return { indexL, pressurePa };
}
