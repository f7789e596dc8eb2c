"""Attention Atlas: the entry. Page config, the pages, the shared sidebar; and the server around them.

Streamlit, or uvicorn, imports this file for its `app`, and runs it as a script for each run of a page.
"""

import streamlit as st

if __name__ != "__main__":
    from viz.ui import server

    app = st.App(
        __file__,
        lifespan=server.lifespan,
        routes=server.routes(),
        middleware=server.middleware(),
        on_script_error=server.say_error,
    )
else:
    from viz.lessons.lesson_list import LESSONS
    from viz.serving.shutdown import at_work
    from viz.ui import housekeeping, session
    from viz.ui.exhibits.bitmaps import page_bitmaps, repaint
    from viz.ui.session import tr
    from viz.ui.shell import presentation, share, sidebar, style
    from viz.ui.shell.guard import guarded
    from viz.ui.shell.style import icon

    st.set_page_config(
        page_title="Attention Atlas", page_icon=icon(), layout="wide", initial_sidebar_state=380
    )
    # Until a new server's first run reaches `st.navigation`, Streamlit would list the files of `pages/` in the sidebar:
    # the settings keep it from that, and so the app's own pages are allowed here.
    st.set_option("client.showSidebarNavigation", True)
    style.style()
    housekeeping.note_session()

    session.begin()
    pages = [
        st.Page("pages/explore.py", title=tr("Explore"), icon=":material/grid_on:", default=True),
        st.Page("pages/heads.py", title=tr("Compare heads"), icon=":material/view_column:"),
        st.Page("pages/texts.py", title=tr("Compare texts and models"), icon=":material/compare_arrows:"),
        st.Page("pages/tokens.py", title=tr("Most attended tokens"), icon=":material/leaderboard:"),
        st.Page("pages/roles.py", title=tr("Roles of heads"), icon=":material/badge:"),
        st.Page("pages/flow.py", title=tr("Flow through layers"), icon=":material/conversion_path:"),
        st.Page("pages/importance.py", title=tr("Importance"), icon=":material/toggle_on:"),
        st.Page("pages/bertviz.py", title="BertViz", icon=":material/polyline:"),
        st.Page("pages/learn.py", title=tr("Learn"), icon=":material/school:"),
        st.Page("pages/guide.py", title=tr("How to read it"), icon=":material/menu_book:"),
    ]
    # The page of all lessons, and every lesson, links to each of them: in the sidebar they would push all else down.
    pages += [
        st.Page(f"pages/{lesson.slug}.py", title=tr(lesson.title), visibility="hidden") for lesson in LESSONS
    ]
    page = st.navigation(pages, position="hidden" if session.view().present else "sidebar", expanded=True)
    session.enter(page.url_path)
    if (wanted := presentation.wanted_page()) not in (None, page.url_path):
        session.go(next((each for each in pages if each.url_path == wanted), pages[0]))
    with guarded():
        if session.view().present:
            presentation.bar(page.url_path, {each.url_path for each in pages})
            about = None
        else:
            about = sidebar.sidebar()
            presentation.sidebar(page.url_path)
            share.sidebar()
        with page_bitmaps.together(), at_work():
            page.run()
        sidebar.known_now(about)
    repaint.watch()
