"""Pictures: graphs, regions, surfaces and cells, exact until they are drawn; and the deep network beside its twin.

The functions are ``verishallow.plot``, ``plot_graph``, ``plot_regions``, ``plot_surface``, ``plot_cells`` and
``plot_twin``; matplotlib and plotly, the extra ``plot``, are imported when one of them is asked for.
"""
