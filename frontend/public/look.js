// Sets the chosen theme and text size before the first paint; `look.ts` writes what this reads.
(() => {
  try {
    const theme = localStorage.getItem('rapt.theme');
    if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
    const text = localStorage.getItem('rapt.text');
    if (text === 'large' || text === 'larger') document.documentElement.dataset.text = text;
  } catch {
    // a browser that forbids storage gets the system's theme
  }
})();
