using Castalia.Errors;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Castalia.YamlFiles;

/// <summary>The one YAML document of a file as a tree of nodes, bounded before the tree is made.</summary>
/// <remarks>
/// The library builds its tree by recursion and resolves aliases in it, so that a file could steer both; its parser does neither. What the parser
/// gives is looked through first: no anchors and aliases, which the format has no use for, and no deeper or larger than a file of ours can be.
/// </remarks>
static class YamlRoot
{
    const int Deepest = 20, MostNodes = 20_000;

    /// <summary>The tree.</summary>
    /// <exception cref="InputException">No YAML, or none of this size; several documents, or none.</exception>
    public static YamlNode Of(SourceText source)
    {
        var at = Mark.Empty;
        try
        {
            Check(source, mark => at = mark);
            var stream = new YamlStream();
            stream.Load(new StringReader(source.Text));
            return stream.Documents is [var only] ? only.RootNode : throw YamlErrors.NotOneDocument(source.Format, source.Name, stream.Documents.Count);
        }
        catch (YamlException e)
        {
            string why = (e.InnerException ?? e).Message;
            throw YamlErrors.NotYaml(source.Format, source.Place(e.Start), why.TrimEnd('.'), e);
        }
        catch (Exception e) when (e is not InputException)
        {
            // The library fails at some texts by an exception of the runtime, whose words say nothing of the file.
            throw YamlErrors.NotYaml(source.Format, source.Place(at), "it cannot be read on from there", e);
        }
    }

    static void Check(SourceText source, Action<Mark> passed)
    {
        var parser = new Parser(new Scanner(new StringReader(source.Text), skipComments: true));
        int depth = 0, nodes = 0;
        while (parser.MoveNext())
        {
            var current = parser.Current!;
            passed(current.End);
            if (current is AnchorAlias || current is NodeEvent { Anchor.IsEmpty: false }) throw YamlErrors.Anchor(source.Format, source.Place(current.Start));
            if (current is NodeEvent && ++nodes > MostNodes) throw YamlErrors.TooLarge(source.Format, source.Place(current.Start), $"has more than {MostNodes} values");
            depth += current.NestingIncrease;
            if (depth > Deepest) throw YamlErrors.TooLarge(source.Format, source.Place(current.Start), $"is nested more than {Deepest} deep");
        }
    }
}
