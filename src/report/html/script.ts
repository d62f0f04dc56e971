/**
 * All the script there is: buttons that copy. Without it they stay hidden, and everything else works. On one line, and
 * without characters that HTML escapes: it stands in the page as it is.
 */
export const script = `
for (const button of document.querySelectorAll('button.copy')) {
  button.hidden = false;
  button.addEventListener('click', async () => {
    const lines = button.closest('.fix').querySelector('.paste');
    const text = Array.from(lines.querySelectorAll('code'), (line) => line.textContent).join('\\n');
    try {
      await navigator.clipboard.writeText(text);
      button.textContent = 'Copied';
    } catch {
      getSelection().selectAllChildren(lines);
      button.textContent = 'Selected: now copy';
    }
    setTimeout(() => { button.textContent = 'Copy'; }, 3000);
  });
}`.replace(/\n\s*/g, ' ');
