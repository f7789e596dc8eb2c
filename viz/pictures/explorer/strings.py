"""The words the explorer shows, in English and marked for translation; the browser fills in {values}."""

from collections.abc import Callable

from viz.language import _

TEXTS: dict[str, str] = {
    "title": _("Attention explorer"),
    "waiting": _("The weights are on their way …"),
    "error_title": _("The picture cannot be shown."),
    "error_text": _(
        "The data that arrived is not what was expected. Please reload the page; your text is kept."
    ),
    "error_fetch": _("The weights could not be fetched. The network may be slow or gone."),
    "try_again": _("Try again"),
    "layer_loading": _("Layer {layer} is on its way …"),
    "nothing_left": _("With these switches no tokens are left to show."),
    # what is picked
    "layer": _("Layer {layer}"),
    "head": _("Head {head}"),
    "layer_before": _("Previous layer"),
    "layer_next": _("Next layer"),
    "head_before": _("Previous head"),
    "head_next": _("Next head"),
    "head_short": _("Layer {layer} · Head {head}"),
    "head_name": _("Layer {layer} · Head {head}"),
    "head_name_entropy": _("Layer {layer} · Head {head}, entropy {entropy} nats"),
    "entropy": _("entropy {entropy} nats"),
    "of_heads_mean": _("Mean of {count} heads"),
    "of_heads_max": _("Largest of {count} heads"),
    # atlas
    "atlas_title": _("All heads"),
    "atlas_label": _("All heads: layers down, heads across. Arrow keys pick a head."),
    # views
    "views": _("Views"),
    "view_map": _("Map"),
    "view_sentence": _("Sentence"),
    "view_lines": _("Lines"),
    "view_table": _("Numbers"),
    "side_queries": _("Looking (queries)"),
    "side_keys": _("Looked at (keys)"),
    # map
    "map_label": _("Map of {head}. Rows are queries, columns are keys; arrow keys move, Enter pins."),
    "map_idle": _("Point at a cell to read its weight; click to pin it."),
    "cell": _("{query} looks at {key}: {weight}, rank {rank} of {count} in its row."),
    "rank": _("rank {rank} of {count} in its row"),
    "cell_below": _("(below the threshold)"),
    "pinned": _("Pinned"),
    "zoom_tools": _("Zoom"),
    "zoom_in": _("Zoom in"),
    "zoom_out": _("Zoom out"),
    "zoom_reset": _("Show all"),
    # sentence
    "sentence_label": _("The text, token by token. Arrow keys move, Enter locks a token."),
    "sentence_idle_from": _(
        "Shade: attention received on average. Point at a token to see what it looks at."
    ),
    "sentence_idle_to": _("Shade: attention given on average. Point at a token to see who looks at it."),
    "sentence_from": _("What “{token}” looks at."),
    "sentence_to": _("Who looks at “{token}”."),
    "sentence_several": _("Mean over {count} locked tokens."),
    "sentence_weight": _("{token}: {weight}"),
    "cut": _("Not read by the model: over its limit."),
    # lines
    "lines_label": _(
        "Lines from queries to keys. Up and down move, left and right change sides, Enter locks."
    ),
    "lines_idle": _("Point at a token to see its lines alone; click to lock it."),
    "lines_left": _("The {count} strongest lines are drawn; {left} weaker ones are not."),
    # table
    "table_query": _("Query token"),
    "table_key": _("Token looked at"),
    "table_from": _("What “{token}” looks at. {head}"),
    "table_to": _("Who looks at “{token}”. {head}"),
    "column_rank": _("Rank"),
    "column_token": _("Token"),
    "column_position": _("Position"),
    "column_weight": _("Weight"),
    # legend
    "legend_label": _("Colour scale from 0 to 1, {scale}"),
    "below_absolute": _("below {level}: not drawn"),
    "below_top": _("not among the {level} largest of its row: not drawn"),
    "below_mass": _("outside the top {level} % of its row: not drawn"),
    # where the numbers are not weights, but the lengths of what is added
    "map_idle_norm": _("Point at a cell to read its length; click to pin it."),
    "cell_norm": _(
        "{query} takes a vector of length {weight} from {key}, rank {rank} of {count} in its row."
    ),
    "sentence_idle_from_norm": _(
        "Shade: how much each token contributes on average. Point at a token to see what it receives "
        "from each."
    ),
    "sentence_idle_to_norm": _(
        "Shade: how much each token receives on average. Point at a token to see how much it "
        "contributes to each."
    ),
    "column_weight_norm": _("Length"),
    "legend_norm": _("Attention × value norm: the length of what is added, up to the largest of this text"),
    "legend_label_norm": _("Colour scale from 0 to {top}, the largest length of this text, {scale}"),
    "hidden_mass_norm": _("{share} of the length hidden"),
    "no_words": _("Words are not shown: the length of a sum is not the sum of the lengths."),
    # switches
    "switches": _("Switches"),
    "set_kind": _("Attention"),
    "kind_encoder": _("Encoder"),
    "kind_decoder": _("Decoder"),
    "kind_cross": _("Cross"),
    "set_unit": _("Show"),
    "unit_tokens": _("Tokens"),
    "unit_words": _("Words"),
    "set_special": _("Special tokens"),
    "hide_special": _("Hide special tokens"),
    "renormalise": _("Rescale the rest to sum to 1"),
    "hidden_mass": _("{share} of the attention hidden"),
    "hidden_renormalised": _("{share} hidden, the rest scaled to 1"),
    "set_pair": _("Between the texts"),
    "pair_all": _("All"),
    "pair_AA": _("A→A"),
    "pair_AB": _("A→B"),
    "pair_BA": _("B→A"),
    "pair_BB": _("B→B"),
    "set_direction": _("For a token, show"),
    "direction_from": _("What it looks at"),
    "direction_to": _("Who looks at it"),
    "set_combine": _("Heads"),
    "combine_one": _("One"),
    "combine_mean": _("Mean"),
    "combine_max": _("Largest"),
    "heads_chosen": _("{count} chosen"),
    "whole_layer": _("This layer"),
    "no_heads": _("None"),
    "choose_heads": _("Choose several in the grid"),
    "set_scale": _("Colour scale"),
    "scale_linear": _("Linear"),
    "scale_sqrt": _("Square root"),
    "scale_log": _("Logarithm"),
    "set_threshold": _("Threshold"),
    "threshold_none": _("None"),
    "threshold_absolute": _("Weight"),
    "threshold_top": _("Top k"),
    "threshold_mass": _("Cumulative"),
    # keys
    "keys_title": _("Keys"),
    "key_arrows": "← → ↑ ↓",
    "key_arrows_does": _("move in the grid, the map, the text or the lines"),
    "key_brackets": "[ ]  { }",
    "key_brackets_does": _("previous and next head; previous and next layer"),
    "key_views": "m s l n",
    "key_views_does": _("map, sentence, lines, numbers"),
    "key_space": _("Space, Enter"),
    "key_space_does": _("choose a head, pin a cell, lock a token"),
    "key_words": "w d",
    "key_words_does": _("tokens or words; looks at or is looked at"),
    "key_special": "x",
    "key_special_does": _("hide special tokens"),
    "key_zoom": "+ − 0",
    "key_zoom_does": _("zoom the map; with a mouse, Ctrl and the wheel"),
    "key_escape": _("Esc"),
    "key_escape_does": _("unlock all tokens"),
}


def strings(translate: Callable[[str], str]) -> dict[str, str]:
    """All words by their key, through `translate` (a gettext lookup)."""
    return {key: translate(text) for key, text in TEXTS.items()}
