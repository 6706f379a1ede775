/** Address parameters of a page, as Next passes them. */
export interface PageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** Reads a parameter as useSearchParams does: the first value when a name is repeated. */
export async function readAddressOf({ searchParams }: PageProps) {
  const given = await searchParams;
  return (name: string): string | undefined => [given[name]].flat()[0];
}
