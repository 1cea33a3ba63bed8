import { mkdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { noChromium } from './chromium.ts';
import { openPage } from './driver.ts';

/** Takes the pictures in the README from the page as it is: "npm run pictures". */
const FOLDER = fileURLToPath(new URL('../../docs/pictures/', import.meta.url));

if (noChromium) {
  console.error(`No pictures were taken. ${noChromium}`);
  process.exit(1);
}
await mkdir(FOLDER, { recursive: true });
const { page, say, message, sandbox, stop } = await openPage();
await page.setViewportSize({ width: 980, height: 600 });
const take = async (name: string) => {
  await page.mouse.move(0, 0);
  await page.screenshot({
    path: `${FOLDER}${name}.jpg`,
    type: 'jpeg',
    quality: 70,
    animations: 'disabled',
    caret: 'hide',
  });
};

await say('/maro track PLAT-5 https://acme.example/browse/SHOP-17 PLAT-999');
await message('PLAT-5: now tracked').waitFor();
await say('/maro tracked');
await message('2 tracked issues').waitFor();
await take('command');

sandbox.slack.post('The mails are late again, PLAT-21 is back. Or is it SHOP-14? UTF-8 is innocent this time.', {
  user: 'U0BEN',
  channel: 'C1',
});
await message('The mails are late again').hover();
await message('The mails are late again').getByRole('button', { name: 'More actions' }).click();
await page.getByRole('menuitem', { name: 'Track issues mentioned' }).click();
await page.getByRole('dialog').getByText('SHOP-14: now tracked').waitFor();
await take('shortcut');
await page.keyboard.press('Escape');

sandbox.slack.post('The cart forgets what was in it after a reload. Two customers so far.', {
  user: 'U0BEN',
  channel: 'C1',
});
await message('The cart forgets').hover();
await message('The cart forgets').getByRole('button', { name: 'More actions' }).click();
await page.getByRole('menuitem', { name: 'Create Jira issue' }).click();
const form = page.getByRole('dialog');
await form.getByRole('combobox', { name: 'Project', exact: true }).click();
await page.keyboard.type('plat');
await page.getByRole('option', { name: 'Platform (PLAT)' }).click();
await form.getByRole('combobox', { name: 'Type' }).waitFor();
await form.getByRole('textbox', { name: 'Summary' }).fill('Cart forgets its items after a reload');
await take('form');
await form.getByRole('button', { name: 'Create', exact: true }).click();
await message('The cart forgets')
  .getByRole('button', { name: /1 reply/ })
  .click();
await message('@ada created').getByRole('button', { name: 'Untrack' }).waitFor();
await take('card');
await page.getByRole('button', { name: 'Close Thread' }).click();

await message('2 tracked issues').getByRole('button', { name: 'Share' }).click();
await message('shared').waitFor();
await say('/maro board');
await message('Open list').waitFor();
sandbox.jira.issues.edit('SHOP-17', { status: 'In Prüfung' }, 'joao');
sandbox.jira.issues.comment('PLAT-5', 'It happens on two machines.', 'aisha');
await sandbox.jira.webhooks.settled();
await message('Open list').getByText('(edited)').waitFor();
await say('/maro changes');
await message('commented').waitFor();
await take('board');

await page.setViewportSize({ width: 1200, height: 560 });
await page.getByRole('button', { name: 'Workflow Builder' }).click();
await page.getByRole('button', { name: 'New workflow' }).click();
await page.getByLabel('Name').fill('Triage');
await page.getByLabel('Add a step').selectOption({ label: 'Track Jira issues' });
await page.getByLabel('Issues', { exact: true }).fill('PLAT-8 PLAT-999');
await page.getByRole('button', { name: 'Save' }).click();
await page.getByRole('listitem').filter({ hasText: 'Triage' }).getByRole('button', { name: 'Run' }).click();
await page.getByRole('article').getByText('✓ completed').first().waitFor();
await take('step');

await page.getByRole('button', { name: 'Jira', exact: true }).click();
await page.getByRole('complementary', { name: 'Jira' }).waitFor();
await page.getByLabel('Project').selectOption('SHOP');
await take('jira');

await page.setViewportSize({ width: 980, height: 600 });
await page.getByRole('button', { name: 'Jira', exact: true }).click();
await page.getByRole('button', { name: 'checkout' }).click();
await say('/maro tracked in progress');
const list = message('in-progress issues');
await list.getByRole('button', { name: 'More for this row' }).last().click();
await page.getByRole('menuitem', { name: 'Move to…' }).click();
const move = page.getByRole('dialog');
await move.getByRole('combobox').click();
await page.getByRole('option', { name: 'In Review' }).click();
// Jira is slow, so that the row shows its mark. This picture is last, because the page then complains that the form is closed.
sandbox.jira.trouble('transition', { kind: 'latency', ms: 5_000, times: 1 });
await move.getByRole('button', { name: 'Move', exact: true }).click();
await move.getByText('Jira is slow right now').waitFor();
await page.keyboard.press('Escape');
await list.getByText('moving to In Review…').waitFor();
await take('act');
await stop();
process.exit(0);
