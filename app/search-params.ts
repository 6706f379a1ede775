/** What a page of the server is given of its address, as Next has it. */
export interface PageProps {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}

/** Reads the address as the page itself does with useSearchParams: of a name that is there twice, the first value. */
export async function readAddressOf({ searchParams }: PageProps) {
  const given = await searchParams;
  return (name: string): string | undefined => [given[name]].flat()[0];
}
