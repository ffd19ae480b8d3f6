extension HTMLReview {
    /// Colours for light and dark, one column where it is narrow.
    static let style = """
        :root { --text: #1d2330; --faint: #5c6577; --page: #ffffff; --box: #f4f6fa; --line: #d5dae4; --strong: #2457c5;
          --warn: #8a4b00; --warn-box: #fff3df; --new: #0d6832; --new-box: #e5f6ea; --old: #a32020; --old-box: #fdeaea; }
        @media (prefers-color-scheme: dark) {
          :root { --text: #e4e8f0; --faint: #9aa5b8; --page: #14171e; --box: #1e232d; --line: #363d4b; --strong: #82aaff;
            --warn: #ffc46b; --warn-box: #3a2c14; --new: #7fd99c; --new-box: #14301f; --old: #ff9a9a; --old-box: #3b1a1d; }
        }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
        main { max-width: 72rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
        h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 1rem; overflow-wrap: anywhere; }
        h2 { font-size: 1.1rem; margin: 2rem 0 .5rem; }
        .top { display: flex; flex-wrap: wrap; gap: 1.5rem 3rem; align-items: flex-start; }
        dl { flex: 1 1 22rem; min-width: 0; margin: 0; display: grid; grid-template-columns: max-content 1fr; gap: .35rem 1rem; }
        dt { color: var(--faint); }
        dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
        dd.impact { background: var(--warn-box); color: var(--warn); padding: .1rem .5rem; border-radius: .25rem; font-weight: 600; }
        dd.blocked { background: var(--old-box); color: var(--old); padding: .1rem .5rem; border-radius: .25rem; font-weight: 600; }
        figure { flex: 0 1 auto; max-width: 100%; margin: 0; background: var(--box); border: 1px solid var(--line);
          border-radius: .5rem; padding: .75rem; }
        figcaption { color: var(--faint); font-size: .8rem; }
        svg { display: block; max-width: 100%; height: auto; }
        svg text { fill: var(--text); font: 13px system-ui, sans-serif; }
        svg .name { font-weight: 600; font-size: 15px; }
        svg .faint { fill: var(--faint); }
        svg .warn { fill: var(--warn); }
        svg .bad { fill: var(--old); font-weight: 600; }
        svg .way { stroke: var(--line); stroke-width: 2; }
        svg .stop { fill: var(--page); stroke: var(--faint); stroke-width: 2; }
        svg .rolls { fill: var(--warn-box); stroke: var(--warn); stroke-width: 2; }
        svg .node { fill: var(--warn); }
        svg .number { font-size: 12px; text-anchor: middle; }
        ul { margin: 0; padding-left: 1.25rem; }
        li, .note { overflow-wrap: anywhere; }
        .note { color: var(--faint); margin: .5rem 0; }
        code, pre, .name { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .875rem; }
        svg .name { font-family: inherit; }
        details { border: 1px solid var(--line); border-radius: .5rem; margin: .5rem 0; background: var(--box); }
        summary { cursor: pointer; padding: .5rem .75rem; overflow-wrap: anywhere; }
        .effect { color: var(--warn); font-size: .875rem; }
        .effect::before { content: "· "; }
        .blocked { border-color: var(--old); }
        .blocked .effect { color: var(--old); font-weight: 600; }
        pre { margin: 0; padding: .75rem; overflow-x: auto; border-top: 1px solid var(--line); background: var(--page);
          border-radius: 0 0 .5rem .5rem; line-height: 1.45; }
        .place { color: var(--strong); }
        .new { color: var(--new); background: var(--new-box); }
        .old { color: var(--old); background: var(--old-box); }
        """
}
