using TorchSharp;
using static TorchSharp.torch;

namespace Bijectors.Tests;

public sealed class DirectedGraphTests
{
    [Fact]
    public void Features_stand_behind_what_they_depend_on()
    {
        var graph = new DirectedGraph([[2, 3], [], [1], []]);
        Assert.Equal([1, 3, 2, 0], graph.Order);
        Assert.Equal(3, graph.EdgeCount);
        Assert.True(graph.Depends(0, 1) && graph.Depends(0, 3) && graph.Depends(2, 1));
        Assert.False(graph.Depends(1, 0) || graph.Depends(2, 3) || graph.Depends(0, 0));
        Assert.Equal("[[2, 3], [], [1], []]", $"{graph}");
        using var adjacency = graph.Adjacency();
        Assert.Equal([0f, 0, 1, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0], adjacency.data<float>().ToArray());
        Assert.Equal("[[], [0], [0, 1]]", $"{DirectedGraph.Complete(3)}");
    }

    [Fact]
    public void What_is_no_such_graph_is_refused()
    {
        Assert.StartsWith(
            "DirectedGraph: expected features that do not depend on themselves, got a cycle among [0, 2].",
            Message([[2], [], [0, 1]]));
        Assert.StartsWith(
            "DirectedGraph: expected different parents of feature 1 from 0 to 1, got [2].", Message([[], [2]]));
        Assert.StartsWith(
            "DirectedGraph: expected different parents of feature 1 from 0 to 1, got [0, 0].", Message([[], [0, 0]]));

        static string Message(int[][] parents) =>
            Assert.ThrowsAny<ArgumentException>(() => new DirectedGraph(parents)).Message;
    }
}
