using Castalia.Hub;
using Castalia.Reports.Pages;
using Castalia.Wording;

namespace Castalia.Reports;

/// <summary>What <c>castalia pull</c> prints for people.</summary>
static class PullReport
{
    /// <summary>The page.</summary>
    /// <param name="pulled">Each model as it was named, and what is in the cache of it.</param>
    public static Page Of(IReadOnlyList<(HubAddress Address, Pulled Pulled)> pulled) => new(
        pulled.SelectMany((model, i) => (IEnumerable<PageBlock>)[.. i == 0 ? [] : new PageBlock[] { new Gap() }, new Heading($"{model.Address}"), Facts(model.Address, model.Pulled)]));

    static Facts Facts(HubAddress address, Pulled pulled)
    {
        long received = pulled.Files.Sum(file => file.Received);
        string files = pulled.Files.Count == 0 ? "all in the cache; offline, so the hub was not asked"
            : $"{Figures.Count(pulled.Files.Count)}, {Amounts.Of(pulled.Files.Sum(file => file.Bytes))}; {(received == 0 ? "all were in the cache" : $"{Amounts.Of(received)} fetched, every byte verified")}";
        return new([("commit", pulled.Origin.Commit), ("files", files), ("path", pulled.Path), ("next", $"castalia measure {address}")], LabelWidth: 8);
    }
}
