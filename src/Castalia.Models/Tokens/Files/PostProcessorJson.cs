namespace Castalia.Tokens;

/// <summary>The <c>post_processor</c> of a tokenizer.json: which special tokens stand around a single text.</summary>
/// <remarks>
/// As in the reference a processor works on a list of encodings. A template makes a list of one for each of its parts; the processors of BERT
/// and RoBERTa put their tokens around every one of the list; a template behind a template of several parts stops the reference, and is
/// refused here.
/// </remarks>
static class PostProcessorJson
{
    const int MostTokens = 1000;

    const int TheText = -1; // in the place of its ids

    /// <summary>Ids before and after the text.</summary>
    /// <exception cref="InputException">Damaged, or a post-processor that is not supported.</exception>
    public static (List<int> Prefix, List<int> Suffix) Read(TokenizerNode? node)
    {
        List<List<int>> encodings = [[TheText]];
        if (node is { } processor) Apply(processor, ref encodings);
        List<int> all = [.. encodings.SelectMany(ids => ids)];
        int at = all.IndexOf(TheText);
        return (all[..at], all[(at + 1)..]);
    }

    static void Apply(TokenizerNode node, ref List<List<int>> encodings)
    {
        string type = node.Get("type").Text;
        switch (type)
        {
            case "ByteLevel": // trims offsets; ids stay
                node.Only("type", "add_prefix_space", "trim_offsets", "use_regex");
                break;
            case "Sequence":
                foreach (var part in node.Only("type", "processors").Get("processors").Items()) Apply(part, ref encodings);
                break;
            case "TemplateProcessing":
                if (encodings.Count != 1) throw node.Unsupported("A template behind another that has special tokens");
                encodings = Template(node.Only("type", "single", "pair", "special_tokens"), encodings[0]);
                break;
            case "BertProcessing" or "RobertaProcessing":
                node.Only("type", "sep", "cls", "trim_offsets", "add_prefix_space");
                int cls = Second(node.Get("cls")), sep = Second(node.Get("sep"));
                for (int i = 0; i < encodings.Count; i++)
                {
                    if (i == 0) encodings[i].Insert(0, cls);
                    else if (type == "RobertaProcessing") encodings[i].Insert(0, sep);
                    encodings[i].Add(sep);
                }
                break;
            default:
                throw node.Unsupported($"Post-processor '{type}'");
        }
        if (encodings.Sum(ids => (long)ids.Count) > MostTokens) throw node.Unsupported($"More than {MostTokens} special tokens around a text");
    }

    static int Second(TokenizerNode pair) =>
        pair.Items().ToList() is [_, var id] ? id.Id : throw pair.Wrong("Expected a token and its id.");

    static List<List<int>> Template(TokenizerNode node, List<int> text)
    {
        bool seen = false;
        long tokens = 0;
        var encodings = new List<List<int>>();
        foreach (var item in node.Get("single").Items())
        {
            item.Only("Sequence", "SpecialToken");
            if (item.Find("Sequence") is { } sequence)
            {
                if (seen) throw item.Wrong("The template for a single text holds the text twice.");
                if (sequence.Only("id", "type_id").Get("id").Text != "A") throw item.Wrong("The template for a single text asks for a second one.");
                seen = true;
                encodings.Add(text);
            }
            else
            {
                string name = item.Get("SpecialToken").Only("id", "type_id").Get("id").Text;
                var ids = node.Get("special_tokens").Get(name).Only("id", "ids", "tokens").Get("ids").Items();
                encodings.Add([.. ids.Take(MostTokens + 1).Select(id => id.Id)]);
                tokens += encodings[^1].Count;
                if (tokens > MostTokens || encodings.Count > MostTokens) throw node.Unsupported($"More than {MostTokens} special tokens around a text");
            }
        }
        return seen ? encodings : throw node.Wrong("The template for a single text leaves the text out.");
    }
}
