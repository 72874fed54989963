namespace Castalia.Audit;

/// <summary>Weights that some revisions have in common while the rest of theirs differs: one of them carries what is another's.</summary>
/// <param name="Revisions">The revisions, by step.</param>
/// <param name="Tensors">Names of the matrices they share.</param>
/// <param name="Files">Files those lie in.</param>
/// <param name="IsWholeFiles">Every matrix of these files is shared, in each of the revisions: a file was put in another's place.</param>
/// <param name="Owner">The revision they seem to belong to, by how near they are to the same weights of its neighbours in training; null where that was not asked, or is not clear.</param>
sealed record SharedTensors(IReadOnlyList<string> Revisions, IReadOnlyList<string> Tensors, IReadOnlyList<string> Files, bool IsWholeFiles, string? Owner)
{
    /// <summary>The revisions that carry what is not theirs; empty where the owner is not known.</summary>
    public IReadOnlyList<string> Foreign => Owner is null ? [] : [.. Revisions.Where(revision => revision != Owner)];

    /// <summary>‖W − W′‖/‖W′‖ of one tensor of two revisions.</summary>
    /// <param name="revision">The one.</param>
    /// <param name="other">The other; W′.</param>
    /// <param name="tensor">Name of the tensor.</param>
    public delegate double Distance(string revision, string other, string tensor);

    /// <summary>Finds them.</summary>
    /// <param name="revisions">Revisions of one model.</param>
    /// <param name="distance">By which their owner is found; null for not.</param>
    public static IReadOnlyList<SharedTensors> Among(IReadOnlyList<TensorHashes> revisions, Distance? distance)
    {
        // Revisions equal as a whole stand for one; training moves every matrix at every step, so any that is equal tells.
        TensorHashes[] distinct = [.. revisions.OrderBy(one => one.Step ?? long.MaxValue).DistinctBy(one => one.WeightsSha256)];
        var found = from revision in distinct
                    from tensor in revision.Tensors
                    where tensor.IsWeight && tensor.IsMatrix
                    group (revision, tensor) by tensor.Identity into equal
                    where equal.Count() > 1
                    let members = equal.Select(one => one.revision.Name).ToArray()
                    group equal by string.Join('\n', members);
        return [.. found.Select(group => Of(group.Key.Split('\n'), [.. group.Select(equal => equal.First().tensor.Name)]))];

        SharedTensors Of(string[] members, string[] tensors)
        {
            var holders = distinct.Where(one => members.Contains(one.Name)).ToArray();
            var shared = tensors.ToHashSet(StringComparer.Ordinal);
            string[] files = [.. holders[0].Tensors.Where(tensor => shared.Contains(tensor.Name)).Select(tensor => tensor.File).Distinct()];
            bool isWhole = holders.All(holder =>
            {
                var its = holder.Tensors.Where(tensor => shared.Contains(tensor.Name)).Select(tensor => tensor.File).ToHashSet(StringComparer.Ordinal);
                return holder.Tensors.Where(tensor => tensor.IsWeight && tensor.IsMatrix && its.Contains(tensor.File)).All(tensor => shared.Contains(tensor.Name)) &&
                       holder.Tensors.Any(tensor => tensor.IsWeight && !its.Contains(tensor.File));
            });
            return new(members, tensors, files, isWhole, distance is null ? null : OwnerOf(holders, tensors, distance));
        }

        // All holders hold the same values: they belong where the neighbours' values are nearest.
        string? OwnerOf(TensorHashes[] holders, string[] tensors, Distance between)
        {
            TensorHashes[] others = [.. distinct.Where(one => one.Step is not null && !holders.Contains(one))];
            if (others.Length == 0 || holders.Any(holder => holder.Step is null)) return null;
            string tensor = holders[0].Tensors.Where(one => tensors.Contains(one.Name)).MinBy(one => one.Shape.Aggregate(1L, (n, axis) => n * axis))!.Name;
            var near = holders.Select(holder => (holder.Name, Distance: others.OrderBy(one => Math.Abs(one.Step!.Value - holder.Step!.Value)).Take(2)
                .Min(one => between(holder.Name, one.Name, tensor)))).OrderBy(one => one.Distance).ToArray();
            return near[0].Distance < near[1].Distance ? near[0].Name : null;
        }
    }
}
