using Castalia.Fuzzing.Mutation;
using Castalia.PromptFiles;

namespace Castalia.Fuzzing.Formats;

/// <summary>The places of files of lines: each line, and what separators divide in it.</summary>
static class LineRegions
{
    /// <summary>A file of lines.</summary>
    /// <param name="name">The file's name.</param>
    /// <param name="bytes">Its bytes.</param>
    /// <param name="hint">What is written in it, for what may be put there instead.</param>
    /// <param name="separators">What divides a line.</param>
    public static SeedFile File(string name, byte[] bytes, string hint, string separators)
    {
        var regions = new List<Region>();
        for (int start = 0; start < bytes.Length;)
        {
            int end = Array.IndexOf(bytes, (byte)'\n', start);
            end = end < 0 ? bytes.Length : end + 1;
            regions.Add(new(RegionKind.Item, start, end) { Hint = "line" });
            int from = start;
            for (int at = start; at <= end; at++)
            {
                if (at < end && bytes[at] != '\n' && !separators.Contains((char)bytes[at])) continue;
                if (at > from) regions.Add(new(RegionKind.Text, from, at) { Hint = hint });
                from = at + 1;
            }
            start = end;
        }
        return new(name, new(bytes)) { Regions = regions };
    }

    /// <summary>A file of JSON documents, one a line.</summary>
    public static SeedFile JsonLines(string name, byte[] bytes)
    {
        var regions = new List<Region>();
        for (int start = 0; start < bytes.Length;)
        {
            int end = Array.IndexOf(bytes, (byte)'\n', start);
            end = end < 0 ? bytes.Length : end + 1;
            regions.Add(new(RegionKind.Item, start, end) { Hint = "line" });
            int from = start;
            regions.AddRange(JsonRegions.Of(bytes[start..end]).Select(region => region with { Start = region.Start + from, End = region.End + from }));
            start = end;
        }
        return new(name, new(bytes)) { Regions = regions };
    }
}
