// Runs before the first paint, so that a chosen theme does not flash.
try {
  const theme = localStorage.getItem('banyan.theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
} catch {
  // Storage can be switched off; the theme of the system then stands.
}
