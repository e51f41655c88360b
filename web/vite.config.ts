import { defineConfig } from "vite";

export default defineConfig({
  base: "/static/web/",
  build: {
    outDir: "dist",
    emptyOutDir: true,
    manifest: "manifest.json",
    assetsInlineLimit: 0, // fonts stay files: the content security policy allows no data: fonts
    modulePreload: false,
    target: ["es2022", "chrome109", "firefox115", "safari16.4"],
    rolldownOptions: {
      input: ["src/staff.ts", "src/staff.scss", "src/public.css"],
    },
  },
  css: {
    preprocessorOptions: {
      // Bootstrap's own sources still use @import and old colour functions; ours is quiet anyway.
      scss: {
        quietDeps: true,
        silenceDeprecations: ["import"],
        loadPaths: ["node_modules"],
      },
    },
  },
});
