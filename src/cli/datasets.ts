import type { Client } from './client.js';

/** What datasets there are, as a sentence; none when the service does not say. */
export async function thereAre(client: Client): Promise<string> {
  try {
    const { datasets } = await client.request<{ datasets: { key: string }[] }>('{ datasets { key } }');
    if (datasets.length === 0) return 'There is none yet: "countersign apply" makes what a file names.';
    return `There are: ${datasets.map(({ key }) => key).join(', ')}.`;
  } catch {
    return '';
  }
}
