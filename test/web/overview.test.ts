import { describe, expect, test } from 'vitest';
import { bad, configOf, good, hour, incident, site, start, world } from './world.ts';

describe('the overview', () => {
  test('says of each monitor how it stands, since when, the last run and the next, the worst first', async () => {
    await using all = await world(['mx', 'submit', 'new']);
    await all.ran(start, { mx: good(), submit: good() });
    const [first] = await all.ran(start + hour, { mx: bad({ severity: 'high' }), submit: good() });
    await using pages = await site(all, configOf(['mx', 'submit', 'new']), start + 1.5 * hour);
    const { status, body } = await pages.ask('/');
    expect(status).toBe(200);
    const rows = [...body.matchAll(/<tr role="row">(.*?)<\/tr>/g)].map(([, row = '']) =>
      row.replace(/<[^>]+>/g, ' ').replace(/ +/g, ' '),
    );
    expect(rows).toEqual([
      expect.stringMatching(
        /^ fails mx 1 failure high vrfy: vrfy is fail 30 minutes 2026-11-02 01:00Z mx 30 minutes ago .* in 30 minutes/,
      ),
      expect.stringMatching(/^ stale new never/),
      expect.stringMatching(/^ ok submit no failure 90 minutes 2026-11-02 00:00Z/),
    ]);
    expect(body).toContain(`href="/r/${first?.id}"`);
    expect(body).toContain('1 of 3 monitors fails');
  });

  test('has open incidents on top', async () => {
    await using all = await world(['mx']);
    await all.happened(incident());
    await using pages = await site(all, configOf(['mx']));
    const { body } = await pages.ask('/');
    expect(body).toMatch(
      /Open incidents.*The server relays mail for anybody\..*open-relay at mx1\.example\.com:25.*Open for 2 hours.*All monitors/,
    );
  });

  test('says so where nothing is watched', async () => {
    await using all = await world([]);
    await using pages = await site(all, configOf([]));
    expect((await pages.ask('/')).body).toContain('Nothing is watched yet.');
  });

  test('a page that is not there is said so', async () => {
    await using all = await world([]);
    await using pages = await site(all, configOf([]));
    expect(await pages.ask('/nothing')).toMatchObject({
      status: 404,
      body: expect.stringContaining('There is no such page'),
    });
  });
});
