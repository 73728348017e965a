import { useState } from 'react'

export type Theme = 'system' | 'light' | 'dark'

const key = 'banyan.theme'

function stored(): Theme {
  try {
    const value = localStorage.getItem(key)
    return value === 'light' || value === 'dark' ? value : 'system'
  } catch {
    return 'system'
  }
}

/** The theme and a function that sets it for this page and the next visits. `public/theme.js` reads it before the first paint. */
export function useTheme(): readonly [Theme, (theme: Theme) => void] {
  const [theme, setTheme] = useState(stored)
  return [
    theme,
    (next) => {
      setTheme(next)
      if (next === 'system') delete document.documentElement.dataset['theme']
      else document.documentElement.dataset['theme'] = next
      try {
        if (next === 'system') localStorage.removeItem(key)
        else localStorage.setItem(key, next)
      } catch {
        // Without storage the choice lasts as long as the page.
      }
    },
  ]
}
