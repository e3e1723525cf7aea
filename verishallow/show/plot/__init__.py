"""Pictures: graphs, regions, surfaces and cells, exact until drawn; and a deep network beside its three-layer network.

The functions are ``verishallow.plot``, ``plot_graph``, ``plot_regions``, ``plot_surface``, ``plot_cells`` and
``plot_twin``; matplotlib and plotly, the extra ``plot``, are imported when one of them is asked for.
"""
